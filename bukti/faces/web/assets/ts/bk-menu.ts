/** `<bk-menu>` around a `<details>`: Escape, a click or a focus elsewhere closes it. */
class BkMenu extends HTMLElement {
  #listening = new AbortController();

  connectedCallback(): void {
    const details = this.querySelector("details");
    if (details === null) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && !this.contains(event.target)) details.open = false;
    };
    document.addEventListener("click", elsewhere, { signal });
    document.addEventListener("focusin", elsewhere, { signal });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary")?.focus();
    }, { signal });
  }

  disconnectedCallback(): void {
    this.#listening.abort();
  }
}

customElements.define("bk-menu", BkMenu);
