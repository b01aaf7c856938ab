/**
 * `<bk-keys>` anywhere on a page: a letter key clicks the control with `data-key="T"`, or focuses
 * it when it is a field. Not while typing, not with Ctrl, Alt or Meta, not when a dialog is open,
 * and not at all when the person has switched keys off (`<html data-keys="off">`).
 */
import { isTyping } from "./page";

class BkKeys extends HTMLElement {
  #listening = new AbortController();

  connectedCallback(): void {
    if (document.documentElement.dataset["keys"] === "off") return;
    this.#listening = new AbortController();
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal: this.#listening.signal });
    for (const control of document.querySelectorAll<HTMLElement>("[data-key]")) {
      control.setAttribute("aria-keyshortcuts", control.dataset["key"] ?? "");
    }
  }

  disconnectedCallback(): void {
    this.#listening.abort();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping(event.target)) return;
    if (document.querySelector(":popover-open, dialog[open]") !== null) return;
    if (!/^[a-z]$/i.test(event.key)) return;
    const control = document.querySelector<HTMLElement>(`[data-key="${event.key.toUpperCase()}"]`);
    if (control === null) return;
    event.preventDefault();
    if (control.matches("select, textarea, input:not([type=radio], [type=checkbox])")) control.focus();
    else control.click();
  }
}

customElements.define("bk-keys", BkKeys);
