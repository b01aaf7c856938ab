/** Requests that carry the token, know their answer's kind, and can renew a session's token. */
import { meta } from "./page";

let token = meta("csrf-token");
const user = meta("bk-user");

export function csrfToken(): string {
  return token;
}

/** A key under which the server does a thing once, however often it is asked. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * After a sign-in in another window the old token is void. Fetch this page again and take its
 * token, but only if the same person is signed in: nothing is ever sent under another name.
 */
export async function renewToken(): Promise<boolean> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (user === "" || meta("bk-user", page) !== user) return false;
  token = meta("csrf-token", page);
  return true;
}

/** Whether the answer means that nobody is signed in any more. */
export function isSignedOut(answer: Response): boolean {
  return answer.status === 401 || answer.redirected;
}

/**
 * What of an answer belongs into the page: the marked fragment, else the page's main part, else
 * all of it. So a view may answer with a partial or with its whole page. A plain sentence (the
 * kind of a refusal in the background) becomes a note; it is text and never read as markup.
 */
export function fragment(content: string, kind: string | null): DocumentFragment {
  if (kind?.startsWith("text/plain")) return note(content);
  const page = new DOMParser().parseFromString(content, "text/html");
  const part = page.querySelector("[data-fragment]") ?? page.querySelector("main") ?? page.body;
  const result = document.createDocumentFragment();
  if (part.matches("[data-fragment]")) result.append(document.adoptNode(part));
  else result.append(...Array.from(part.childNodes, (node) => document.adoptNode(node)));
  return result;
}

function note(sentence: string): DocumentFragment {
  const result = document.createDocumentFragment();
  const box = document.createElement("div");
  const words = document.createElement("p");
  box.className = "bk-note bk-note--amber";
  words.textContent = sentence;
  box.append(words);
  result.append(box);
  return result;
}
