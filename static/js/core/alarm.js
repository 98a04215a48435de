// No htmx request fails silently. What another module has already explained at its place (detail.explained) is left alone.

import { element } from "./elements.js";
import { failure } from "./failure.js";

const FAILURES = ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:targetError", "htmx:swapError", "htmx:onLoadError"];
const MEANING = {
  "refused": "Nothing is saved.",
  "signed-out": "Nothing is saved. Sign in again.",
  "unknown": "We do not know that it was saved. Look at the page again before you repeat it.",
};
let failed = null; // the address whose failure is on show

export function begin() {
  // On window, so that listeners on the element and on the document come first.
  for (const type of FAILURES) window.addEventListener(type, explain);
  window.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && failed && detail.pathInfo.requestPath === failed) clear();
  });
}

function explain(event) {
  if (event.detail?.explained) return;
  const { state, why } = failure(event);
  const reading = event.detail?.requestConfig?.verb === "get";
  alarm(`${why}. ${reading ? "This page was not brought up to date." : MEANING[state]}`);
  failed = event.detail?.pathInfo?.requestPath ?? null;
}

/** Shows words in #alarm until the same request succeeds, another alarm takes their place or the page is left. */
export function alarm(words) {
  place().replaceChildren(element("p", {}, words));
}

function clear() {
  failed = null;
  place().replaceChildren();
}

function place() {
  let found = document.getElementById("alarm");
  if (!found) {
    found = element("div", { id: "alarm", class: "said said--alarm", role: "alert" });
    document.body.prepend(found);
  }
  return found;
}
