/**
 * `<bk-board data-shown="{n} dari {all} petak ditampilkan">` around filter form and board.
 *
 * Cells are `<td data-agency="12" data-late>`; `data-agency` may name several, divided by spaces.
 * Controls: `select[data-filter=agency]`, `input[data-filter=late]`; they fade what does not match
 * (`inert` on the cell) without a reload. Any other control of the form sends it. Arrow keys, Home
 * and End move over the tiles, of which one at a time is in the tab order. A `[data-print]` button
 * prints.
 */
import { fill } from "./page";

const ARROWS: Record<string, [x: number, y: number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

class BkBoard extends HTMLElement {
  #listening = new AbortController();

  connectedCallback(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("change", (event) => this.#changed(event), { signal });
    this.addEventListener("keydown", (event) => this.#moved(event), { signal });
    this.addEventListener("focusin", (event) => this.#focused(event), { signal });
    this.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
    }, { signal });
    this.#filter();
  }

  disconnectedCallback(): void {
    this.#listening.abort();
  }

  get #cells(): HTMLElement[] {
    return Array.from(this.querySelectorAll<HTMLElement>(".bk-board__cell"));
  }

  get #tiles(): HTMLElement[] {
    return Array.from(this.querySelectorAll<HTMLElement>(".bk-board__cell:not([inert]) > .bk-tile"));
  }

  #changed(event: Event): void {
    const control = event.target;
    if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) return;
    if (control.dataset["filter"] === undefined) {
      control.form?.requestSubmit();
      return;
    }
    this.#filter();
    const address = new URL(location.href);
    const isSet = control instanceof HTMLInputElement ? control.checked : control.value !== "";
    if (isSet) address.searchParams.set(control.name, control.value);
    else address.searchParams.delete(control.name);
    history.replaceState(null, "", address);
  }

  #filter(): void {
    const agency = this.querySelector<HTMLSelectElement>("select[data-filter=agency]")?.value ?? "";
    const isLate = this.querySelector<HTMLInputElement>("input[data-filter=late]")?.checked ?? false;
    for (const cell of this.#cells) {
      const agencies = (cell.dataset["agency"] ?? "").split(" ");
      cell.inert = (agency !== "" && !agencies.includes(agency)) || (isLate && cell.dataset["late"] === undefined);
    }
    this.#tiles.forEach((tile, place) => {
      tile.tabIndex = place === 0 ? 0 : -1;
    });
    const status = this.querySelector("[role=status]");
    if (status !== null) {
      const isWhole = agency === "" && !isLate;
      status.textContent = isWhole ? "" : fill(this.dataset["shown"] ?? "", { n: this.#tiles.length, all: this.#cells.length });
    }
  }

  #focused(event: FocusEvent): void {
    if (!(event.target instanceof HTMLElement) || !event.target.matches(".bk-tile")) return;
    for (const tile of this.#tiles) tile.tabIndex = tile === event.target ? 0 : -1;
  }

  #moved(event: KeyboardEvent): void {
    const here = event.target;
    if (!(here instanceof HTMLElement) || !here.matches(".bk-tile")) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const tiles = this.#tiles;
    const next =
      event.key === "Home" ? tiles[0] : event.key === "End" ? tiles[tiles.length - 1] : this.#towards(here, ARROWS[event.key]);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  /** The nearest tile in a direction, as the eye sees it; a step aside counts double. */
  #towards(here: HTMLElement, direction: [number, number] | undefined): HTMLElement | undefined {
    if (direction === undefined) return undefined;
    const [x, y] = direction;
    const from = here.getBoundingClientRect();
    let best: HTMLElement | undefined;
    let shortest = Infinity;
    for (const tile of this.#tiles) {
      const to = tile.getBoundingClientRect();
      const ahead = (to.left - from.left) * x + (to.top - from.top) * y;
      const aside = Math.abs((to.left - from.left) * y) + Math.abs((to.top - from.top) * x);
      if (ahead > 4 && ahead + 2 * aside < shortest) {
        shortest = ahead + 2 * aside;
        best = tile;
      }
    }
    return best;
  }
}

customElements.define("bk-board", BkBoard);
