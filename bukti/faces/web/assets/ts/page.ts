/** What the page says about itself: whose it is, its token, its words. */

/** The content of `<meta name=…>`, or nothing. */
export function meta(name: string, page: Document = document): string {
  return page.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

/** Put values into a sentence that Django has translated: «{n} dari {all}». */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A number, size or span of time as the page's language writes it. */
export function inUnit(value: number, unit: string, digits = 0): string {
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit,
    unitDisplay: unit === "minute" || unit === "second" ? "long" : "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** A number of bytes in kB or MB. */
export function size(bytes: number): string {
  return bytes < 1e6 ? inUnit(Math.ceil(bytes / 1e3), "kilobyte") : inUnit(bytes / 1e6, "megabyte", 1);
}

/** The element whose id stands in an attribute, without the hash. */
export function named(element: HTMLElement, attribute: string): HTMLElement | null {
  const id = element.getAttribute(attribute);
  return id === null ? null : document.getElementById(id);
}

/** Whether letters now belong to a field: then no letter key may act. A level just chosen is none. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=radio], [type=checkbox]), select, textarea"))
  );
}
