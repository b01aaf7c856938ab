/** `<bk-letters data-for="id" data-words="{n} dari paling banyak {max} huruf">`: counts as one types. */
import { fill, named } from "./page";

class BkLetters extends HTMLElement {
  connectedCallback(): void {
    const field = named(this, "data-for");
    if (!(field instanceof HTMLTextAreaElement)) return;
    const count = () => {
      const digits = new Intl.NumberFormat(document.documentElement.lang);
      this.textContent = fill(this.dataset["words"] ?? "", {
        n: digits.format(field.value.length),
        max: digits.format(field.maxLength),
      });
    };
    for (const kind of ["input", "bk:filled"]) field.addEventListener(kind, count);
  }
}

customElements.define("bk-letters", BkLetters);
