/**
 * `<bk-viewer data-pages="3">` around one page of a document as a picture.
 *
 * `img[data-page]` shows it; its address carries the page number where `data-src` says `{page}`.
 * `a[data-step="-1"|"1"]` turn the page, `[data-zoom]` buttons make it wider or narrower,
 * `[data-count]` says «1 / 3». Links work without this script: their `href` shows that page.
 */
import { fill } from "./page";

const WIDEST = 3;

class BkViewer extends HTMLElement {
  #page = 1;
  #zoom = 1;

  connectedCallback(): void {
    this.#page = Number(this.dataset["page"] ?? "1");
    this.addEventListener("click", (event) => this.#clicked(event));
    this.#ready(this.#page + 1);
  }

  get #pages(): number {
    return Number(this.dataset["pages"] ?? "1");
  }

  #clicked(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey) return;
    const control = event.target.closest<HTMLElement>("[data-step], [data-zoom]");
    if (control === null) return;
    event.preventDefault();
    if (control.dataset["step"] !== undefined) this.#turn(this.#page + Number(control.dataset["step"]));
    else this.#widen(Number(control.dataset["zoom"]));
  }

  #address(page: number): string {
    return fill(this.dataset["src"] ?? "", { page });
  }

  #ready(page: number): void {
    if (page <= this.#pages) new Image().src = this.#address(page);
  }

  #turn(page: number): void {
    if (page < 1 || page > this.#pages) return;
    this.#page = page;
    const picture = this.querySelector<HTMLImageElement>("img[data-page]");
    if (picture !== null) {
      picture.src = this.#address(page);
      picture.alt = fill(this.dataset["alt"] ?? "", { page });
    }
    const count = this.querySelector("[data-count]");
    if (count !== null) count.textContent = `${page} / ${this.#pages}`;
    for (const step of this.querySelectorAll<HTMLElement>("[data-step]")) {
      const target = page + Number(step.dataset["step"]);
      step.setAttribute("aria-disabled", String(target < 1 || target > this.#pages));
    }
    this.#ready(page + 1);
  }

  #widen(step: number): void {
    this.#zoom = Math.min(Math.max(this.#zoom + step, 1), WIDEST);
    for (let width = 1; width <= WIDEST; width += 1) this.classList.toggle(`bk-viewer--${width}`, width === this.#zoom);
  }
}

customElements.define("bk-viewer", BkViewer);
