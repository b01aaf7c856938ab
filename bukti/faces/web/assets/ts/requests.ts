/**
 * htmx under our content policy. A clash (412) or a form with errors (422) is a fragment of the
 * page's own and is swapped in. A refusal is a plain sentence: it speaks through `#bk-alert`, and
 * so does whatever else fails (words in components/_alert.html).
 */
import { csrfToken } from "./http";

interface HtmxConfig {
  allowEval: boolean;
  includeIndicatorStyles: boolean;
  selfRequestsOnly: boolean;
  allowScriptTags: boolean;
  historyCacheSize: number;
  responseHandling: { code: string; swap: boolean; error?: boolean }[];
}

declare const htmx: { config: HtmxConfig } | undefined;

if (typeof htmx !== "undefined") {
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.selfRequestsOnly = true;
  htmx.config.allowScriptTags = false;
  htmx.config.historyCacheSize = 0; // answers are not left behind in the browser's storage
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "412|422", swap: true },
    { code: "...", swap: false, error: true },
  ];
}

type Kind = "offline" | "failed" | "expired";

function say(sentence: string): void {
  const alert = document.getElementById("bk-alert");
  const words = alert?.querySelector("[data-text]");
  if (!alert || !words) return;
  alert.hidden = false;
  words.textContent = sentence;
}

function sayKind(kind: Kind): void {
  say(document.getElementById("bk-alert")?.dataset[kind] ?? "");
}

document.addEventListener("htmx:configRequest", (event) => {
  const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
  headers["X-CSRFToken"] = csrfToken();
});
document.addEventListener("htmx:beforeRequest", () => {
  const alert = document.getElementById("bk-alert");
  if (alert !== null) alert.hidden = true;
});
document.addEventListener("htmx:sendError", () => sayKind("offline"));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  const isSentence = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ?? false;
  if (xhr.status === 401) sayKind("expired");
  else if (isSentence && xhr.responseText !== "") say(xhr.responseText);
  else sayKind("failed");
});
