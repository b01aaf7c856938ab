/**
 * `<bk-upload data-url data-into data-field data-max>` around a plain upload form (_upload.html).
 *
 * Files chosen, dropped or photographed are sent one after the other, each as one multipart POST
 * to data-url with the form's other fields; headers X-CSRFToken, Idempotency-Key,
 * HX-Request.
 *   2xx  HTML, appended to the element whose id is data-into
 *   4xx, 507  a sentence (text/plain) or HTML; its text is shown at the file, which can be sent
 *        again or removed
 * `<template data-row>` inside holds the row of a file under way.
 */
import { csrfToken, fragment, newKey, renewToken } from "./http";
import { fill, inUnit, named, size } from "./page";

interface Upload {
  file: File;
  key: string;
  row: HTMLElement;
  request: XMLHttpRequest | null;
}

class BkUpload extends HTMLElement {
  #queue: Upload[] = [];
  #isBusy = false;
  #listening = new AbortController();

  connectedCallback(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("change", (event) => this.#picked(event), { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.addEventListener(kind, (event) => this.#dragged(event as DragEvent), { signal });
    }
    window.addEventListener("beforeunload", (event) => {
      if (this.#isBusy) event.preventDefault();
    }, { signal });
  }

  disconnectedCallback(): void {
    this.#listening.abort();
  }

  #picked(event: Event): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const files = Array.from(input.files ?? []);
    input.value = "";
    this.#add(files);
  }

  #dragged(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.toggle("bk-upload--over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop") this.#add(Array.from(event.dataTransfer.files));
  }

  #add(files: File[]): void {
    for (const file of files) {
      const upload = { file, key: newKey(), row: this.#row(file), request: null };
      const most = Number(this.dataset["max"] ?? "Infinity");
      if (file.size > most) this.#fail(upload, fill(this.dataset["tooBig"] ?? "", { max: size(most) }));
      else this.#queue.push(upload);
    }
    void this.#work();
  }

  #row(file: File): HTMLElement {
    const template = this.querySelector<HTMLTemplateElement>("template[data-row]");
    const row = template?.content.firstElementChild?.cloneNode(true) as HTMLElement;
    const name = row.querySelector("[data-name]");
    if (name !== null) name.textContent = file.name;
    row.querySelector("progress")?.setAttribute("aria-label", file.name);
    this.querySelector("[data-rows]")?.append(row);
    return row;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let upload = this.#queue.shift(); upload !== undefined; upload = this.#queue.shift()) {
      await this.#one(upload);
    }
    this.#isBusy = false;
  }

  async #one(upload: Upload): Promise<void> {
    upload.row.querySelector("[data-cancel]")?.addEventListener("click", () => this.#cancel(upload));
    try {
      let request = await this.#send(upload);
      if ((request.status === 403 || request.status === 401) && (await renewToken())) {
        request = await this.#send(upload);
      }
      this.#answered(upload, request);
    } catch {
      this.#fail(upload, this.dataset["offline"] ?? "");
    }
  }

  #send(upload: Upload): Promise<XMLHttpRequest> {
    const form = this.querySelector("form");
    const body = new FormData();
    for (const [name, value] of new FormData(form ?? undefined)) if (typeof value === "string") body.append(name, value);
    body.append(this.dataset["field"] ?? "file", upload.file);
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open("POST", this.dataset["url"] ?? form?.action ?? "");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Idempotency-Key", upload.key);
    request.setRequestHeader("HX-Request", "true");
    this.#watch(upload, request);
    return new Promise((resolve, reject) => {
      request.onload = () => resolve(request);
      request.onerror = () => reject(new Error("network"));
      request.onabort = () => reject(new Error("aborted"));
      request.send(body);
    });
  }

  #watch(upload: Upload, request: XMLHttpRequest): void {
    const bar = upload.row.querySelector("progress");
    const begun = performance.now();
    request.upload.onprogress = ({ loaded, total }) => {
      const seconds = (performance.now() - begun) / 1000;
      const speed = loaded / Math.max(seconds, 0.1);
      const left = (total - loaded) / speed;
      bar?.setAttribute("value", String(loaded / total));
      this.#tell(upload, fill(this.dataset["progress"] ?? "", {
        sent: size(loaded),
        total: size(total),
        speed: size(speed),
        left: left > 90 ? inUnit(Math.round(left / 60), "minute") : inUnit(Math.ceil(left), "second"),
      }));
    };
    request.upload.onload = () => this.#tell(upload, this.dataset["checking"] ?? "");
  }

  #answered(upload: Upload, request: XMLHttpRequest): void {
    const isPage = request.responseURL !== "" && new URL(request.responseURL).pathname !== new URL(this.dataset["url"] ?? "", location.href).pathname;
    if (request.status === 401 || isPage) return this.#fail(upload, this.dataset["expired"] ?? "");
    if (request.status >= 500 && request.status !== 507) return this.#fail(upload, this.dataset["failed"] ?? "");
    const content = fragment(request.responseText, request.getResponseHeader("Content-Type"));
    if (request.status >= 400) return this.#fail(upload, content.textContent?.replace(/\s+/g, " ").trim() ?? "");
    upload.row.remove();
    const list = named(this, "data-into");
    list?.append(content);
    if (list !== null) recount(list);
    const status = this.querySelector("[role=status]");
    if (status !== null) status.textContent = fill(this.dataset["done"] ?? "", { name: upload.file.name });
    this.dispatchEvent(new CustomEvent("bk:uploaded", { bubbles: true }));
    return undefined;
  }

  #tell(upload: Upload, sentence: string): void {
    const words = upload.row.querySelector("[data-text]");
    if (words !== null) words.textContent = sentence;
  }

  #fail(upload: Upload, sentence: string): void {
    if (!upload.row.isConnected) return;
    upload.row.dataset["state"] = "failed";
    this.#tell(upload, sentence);
    const status = this.querySelector("[role=status]");
    if (status !== null) status.textContent = `${upload.file.name}: ${sentence}`;
    upload.row.querySelector("[data-cancel]")?.addEventListener("click", () => upload.row.remove());
    upload.row.querySelector("[data-again]")?.addEventListener("click", () => {
      delete upload.row.dataset["state"];
      this.#queue.push(upload);
      void this.#work();
    }, { once: true });
  }

  #cancel(upload: Upload): void {
    upload.row.remove();
    upload.request?.abort();
  }
}

/** Say the list's new length where the page counts it: `data-count="list's id" data-one data-many`. */
function recount(list: HTMLElement): void {
  const n = list.childElementCount;
  for (const counter of document.querySelectorAll<HTMLElement>(`[data-count="${list.id}"]`)) {
    counter.textContent = fill(counter.dataset[n === 1 ? "one" : "many"] ?? "", { n });
  }
}

customElements.define("bk-upload", BkUpload);
