/**
 * `<bk-autosave data-url data-status data-target>` around a form with a hidden `version`.
 *
 * Saves 0.8 s after the last key. What was typed is kept on this device until the server has
 * acknowledged it. One save is under way at a time; after a cut connection the same save is sent
 * again with the same key, so the server does it once, and only then what was typed since.
 *
 * POST data-url, urlencoded: the form's fields, `version`; headers X-CSRFToken, Idempotency-Key,
 * HX-Request (so that a view chooses by `request.htmx`, as for any request of ours).
 *   200      JSON {"version": 8, "saved": "Tersimpan 14.02 WITA"}
 *   412      HTML, shown in data-target: both versions, `data-version="9"` on any element, and
 *            buttons `data-keep="mine"` (save mine on top) and `data-keep="theirs"` (reload)
 *   other 4xx  a sentence (text/plain) or HTML, shown in data-target; the next key tries again
 *   401, or a redirect to the sign-in page: the sentence `data-expired` with the sign-in link
 *   429, 5xx, no answer: the sentence, and again after 2, 4, 8 … 60 s
 */
import { type Draft, type Save, forget, recall, remember } from "./drafts";
import { read, same, write } from "./fields";
import { csrfToken, fragment, isSignedOut, newKey, renewToken } from "./http";
import { meta, named } from "./page";

const PAUSE = 800;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;
const KEEPALIVE_LIMIT = 60_000;

type State = "saved" | "waiting" | "offline" | "failed" | "expired" | "refused" | "restored";

class BkAutosave extends HTMLElement {
  #saved: Draft["fields"] = [];
  /** Under way, or tried without an answer: repeated to the letter until the server answers. */
  #unsent: Save | null = null;
  /** Not tried yet. Its key is kept beforehand: a page may be left before anything can be kept. */
  #planned: Save | null = null;
  #running: Promise<boolean> | null = null;
  #isStopped = false;
  #timer = 0;
  #wait = FIRST_WAIT;
  #listening = new AbortController();

  connectedCallback(): void {
    if (this.querySelector("form") === null) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#saved = read(this.#form);
    for (const kind of ["input", "change"]) document.addEventListener(kind, (event) => this.#typed(event), { signal });
    document.addEventListener("submit", (event) => void this.#beforeSubmit(event), { signal, capture: true });
    document.addEventListener("click", (event) => void this.#chosen(event), { signal });
    document.addEventListener("visibilitychange", () => this.#leftOrBack(), { signal });
    window.addEventListener("pagehide", () => void this.flush(), { signal });
    window.addEventListener("online", () => void this.flush(), { signal });
    void this.#restore();
  }

  disconnectedCallback(): void {
    this.#listening.abort();
    clearTimeout(this.#timer);
  }

  /** Send what is not sent. True when the server has everything. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  get #form(): HTMLFormElement {
    return this.querySelector("form") as HTMLFormElement;
  }

  get #version(): HTMLInputElement {
    return this.#form.elements.namedItem("version") as HTMLInputElement;
  }

  get #isClean(): boolean {
    return this.#unsent === null && same(read(this.#form), this.#saved);
  }

  get #id(): string {
    return `${meta("bk-user")} ${this.dataset["url"] ?? ""}`;
  }

  async #restore(): Promise<void> {
    const draft = await recall(this.#id);
    if (draft === undefined || !this.#isClean) return;
    this.#unsent = draft.unsent;
    if (same(draft.fields, this.#saved) && draft.unsent === null) return forget(this.#id);
    write(this.#form, draft.fields);
    this.#version.value = draft.version;
    this.#say("restored");
    this.#later(PAUSE);
  }

  #typed(event: Event): void {
    const field = event.target;
    if (!(field instanceof Element) || !("form" in field) || field.form !== this.#form) return;
    if (this.#isClean) return;
    this.#say("waiting");
    this.#planned = this.#newSave();
    void this.#keep();
    if (!this.#isStopped) this.#later(PAUSE);
  }

  #later(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.flush(), milliseconds);
  }

  #keep(): Promise<void> {
    const fields = read(this.#form);
    const version = this.#version.value;
    const unsent = this.#unsent ?? this.#planned;
    return remember({ id: this.#id, at: Date.now(), version, fields, unsent });
  }

  #newSave(): Save {
    return { key: newKey(), version: this.#version.value, fields: read(this.#form) };
  }

  /** The save that was planned, or another if fields or version have changed since. */
  #next(): Save {
    const save = this.#newSave();
    const planned = this.#planned;
    this.#planned = null;
    const isSame = planned?.version === save.version && same(planned.fields, save.fields);
    return planned !== null && isSame ? planned : save;
  }

  #leftOrBack(): void {
    if (document.visibilityState === "hidden" || !this.#isClean) void this.flush();
  }

  async #beforeSubmit(event: SubmitEvent): Promise<void> {
    if (this.#isClean || this.#isStopped) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    const form = event.target as HTMLFormElement;
    if (await this.flush()) form.requestSubmit(submitter);
  }

  async #drain(): Promise<boolean> {
    while (!this.#isStopped) {
      if (this.#unsent === null) {
        if (this.#isClean) return true;
        this.#unsent = this.#next();
        void this.#keep(); // not awaited: when the page is being left, only what starts now is sent
      }
      if (!(await this.#send(this.#unsent))) return false;
    }
    return false;
  }

  /** One save, to its end. True when the server has acknowledged it. */
  async #send(save: Save): Promise<boolean> {
    try {
      let answer = await this.#post(save);
      const isDoubtful = answer.status === 403 || isSignedOut(answer);
      if (isDoubtful && (await renewToken())) answer = await this.#post(save);
      return await this.#answered(save, answer);
    } catch {
      this.#say("offline");
      this.#again();
      return false;
    }
  }

  #post(save: Save): Promise<Response> {
    const body = new URLSearchParams([...save.fields, ["version", save.version]]);
    return fetch(this.dataset["url"] ?? "", {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrfToken(), "Idempotency-Key": save.key, "HX-Request": "true" },
      keepalive: body.toString().length < KEEPALIVE_LIMIT,
    });
  }

  async #answered(save: Save, answer: Response): Promise<boolean> {
    if (isSignedOut(answer)) {
      this.#say("expired");
      return false;
    }
    if (answer.status === 429 || answer.status >= 500) {
      this.#say("failed");
      this.#again();
      return false;
    }
    this.#wait = FIRST_WAIT;
    this.#unsent = null;
    if (answer.ok) {
      await this.#acknowledged(save, (await answer.json()) as { version: number; saved: string });
      return true;
    }
    this.#isStopped = answer.status === 412 || answer.status === 403;
    this.#say("refused");
    this.#show(fragment(await answer.text(), answer.headers.get("Content-Type")));
    await this.#keep();
    return false;
  }

  async #acknowledged(save: Save, news: { version: number; saved: string }): Promise<void> {
    this.#saved = save.fields;
    this.#version.value = String(news.version);
    this.#show(document.createDocumentFragment());
    if (this.#isClean) await forget(this.#id);
    else await this.#keep();
    this.#say("saved", news.saved);
    this.dispatchEvent(new CustomEvent("bk:saved", { bubbles: true, detail: news }));
  }

  #again(): void {
    this.#later(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  async #chosen(event: Event): Promise<void> {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-keep]") : null;
    if (button === null || !named(this, "data-target")?.contains(button)) return;
    event.preventDefault();
    if (button.dataset["keep"] === "theirs") {
      await forget(this.#id);
      location.reload();
      return;
    }
    const newer = named(this, "data-target")?.querySelector<HTMLElement>("[data-version]");
    this.#version.value = newer?.dataset["version"] ?? this.#version.value;
    this.#isStopped = false;
    await this.flush();
  }

  #show(content: DocumentFragment): void {
    const target = named(this, "data-target");
    if (target === null || (content.childNodes.length === 0 && target.childNodes.length === 0)) return;
    target.replaceChildren(content);
    if (target.childNodes.length > 0) target.scrollIntoView({ block: "nearest" });
  }

  /** Words live on the status element (components/_saved.html): `data-offline`, … */
  #say(state: State, sentence?: string): void {
    const status = named(this, "data-status");
    if (status === null) return;
    status.dataset["state"] = state;
    if (state === "waiting") return; // a live region speaks once per pause, not per key
    const words = status.querySelector("[data-text]") ?? status;
    words.textContent = sentence ?? status.dataset[state] ?? "";
    const link = status.querySelector<HTMLElement>("[data-signin]");
    if (link !== null) link.hidden = state !== "expired";
  }
}

customElements.define("bk-autosave", BkAutosave);
