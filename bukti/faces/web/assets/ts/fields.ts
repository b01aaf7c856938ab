/** Reading and filling a form's fields, without its token, version, files and buttons. */
import type { Fields } from "./drafts";

const NOT_TEXT = new Set(["csrfmiddlewaretoken", "version"]);

export function read(form: HTMLFormElement): Fields {
  return Array.from(new FormData(form)).flatMap(([name, value]): Fields =>
    typeof value === "string" && !NOT_TEXT.has(name) ? [[name, value]] : [],
  );
}

export function same(one: Fields, other: Fields): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function write(form: HTMLFormElement, fields: Fields): void {
  for (const control of form.elements) {
    if (!(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement)) continue;
    if (control.name === "" || NOT_TEXT.has(control.name) || control.type === "file") continue;
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control instanceof HTMLSelectElement) {
      for (const option of control.options) option.selected = values.includes(option.value);
    } else if (control.type === "radio" || control.type === "checkbox") {
      (control as HTMLInputElement).checked = values.includes(control.value);
    } else if (values[0] !== undefined) {
      control.value = values[0];
    }
    control.dispatchEvent(new Event("bk:filled", { bubbles: true }));
  }
}
