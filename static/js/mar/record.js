// Recording a dose (and making one ready): waiting words at once, one request at a time, and never a silent failure.
// "Saved" is not among the words here: only a card rendered from the stored row says it.

import { failure } from "../core/failure.js";
import { hhmm } from "../core/clock.js";
import { alarm } from "../core/alarm.js";
import { say } from "../core/announce.js";
import { showNotRecorded, clearNotRecorded, sentence } from "./not-recorded.js";

const FAILURES = ["htmx:responseError", "htmx:sendError", "htmx:sendAbort", "htmx:timeout", "htmx:targetError", "htmx:swapError", "htmx:onLoadError"];

// The answer replaces the whole card; lines that stand here just as it would draw them come as places they are moved to. A second request in flight would come back to a card that is no longer there and its result
// would be lost from sight, so the next tap waits for the one before; it is told so, not swallowed.
let waiting = null; // {form, box, note, press, kind, tapped, startedOffline}
let lastPress = null; // the button of the newest submit, as htmx:beforeRequest does not carry it

export function enhance(form, kind) {
  form.addEventListener("htmx:beforeRequest", () => begin(form, kind));
  if (kind === "record") form.addEventListener("htmx:configRequest", ({ detail }) => { detail.headers["X-Shown"] = shown(); });
  form.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && finish(form));
  // On the form itself: if the card was replaced meanwhile, an event from it no longer reaches the document.
  for (const type of FAILURES) form.addEventListener(type, (event) => fail(form, event));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches('[data-js~="record"], [data-js~="ready"]')) return;
  if (waiting) {
    event.preventDefault();
    event.stopImmediatePropagation(); // before htmx, which would queue it and send it later
    if (waiting.form !== event.target) wait(waiting.note, "Saving… one at a time: wait for this one, then tap again.");
    return;
  }
  lastPress = event.submitter;
}, true);

function begin(form, kind) {
  const box = form.closest(".dose, .record-box") ?? form;
  const press = lastPress?.form === form ? lastPress : null;
  clearNotRecorded(box);
  const note = document.createElement("p");
  note.className = "dose__saving";
  box.append(note);
  wait(note, "Saving…");
  box.classList.add("dose--pending");
  buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  waiting = { form, box, note, press, kind, tapped: { words: wordsOn(press, form), what: form.dataset.what, at: hhmm() }, startedOffline: !navigator.onLine };
}

function wait(note, words) {
  if (!say("status", words)) note.setAttribute("role", "status"); // no region stands here: the note speaks for itself
  note.textContent = words;
}

function finish(form) {
  if (waiting?.form !== form) return null;
  const ended = waiting;
  waiting = null;
  ended.note.remove();
  ended.box.classList.remove("dose--pending");
  buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
  return ended;
}

function fail(form, event) {
  event.detail.explained = true;
  const ended = finish(form);
  if (!ended) return; // one failure may raise two events
  const outcome = { kind: ended.kind, ...ended.tapped, ...failure(event, ended) };
  if (form.isConnected) showNotRecorded(ended.box, outcome, () => again(form, ended.press));
  else alarm(sentence(outcome).join(" "));
}

/** The same form with the same entry_id, by the same button: if the first one was stored, the server answers with it. */
function again(form, press) {
  if (press?.isConnected) press.click();
  else form.requestSubmit();
}

const buttons = (form) => [...form.elements].filter((field) => field.type === "submit");

function wordsOn(press, form) {
  const button = press ?? buttons(form)[0];
  return (button?.dataset.words ?? button?.textContent ?? "").replace(/\s+/g, " ").trim();
}

// The server's card is the best explanation, whatever the status it comes with (409: somebody was faster). And an answer that is not
// this card (a sign-in page after a redirect, a proxy's greeting) must not be put in its place, even with a 200.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig?.elt;
  if (!form || waiting?.form !== form || detail.xhr.status === 204 || detail.xhr.status >= 500) return;
  if (["HX-Retarget", "HX-Reswap"].some((name) => detail.xhr.getResponseHeader(name))) return;
  const isCard = detail.serverResponse.includes(`id="${detail.target.id}"`) && hasPlaces(detail.serverResponse);
  detail.shouldSwap = isCard;
  detail.isError = !isCard; // htmx then raises htmx:responseError
});

/** The marks of the lines on this page as they stand now: of these the answer need not draw any again that did not change. */
const shown = () => [...document.querySelectorAll("#card [data-drawn]")].map((line) => line.dataset.drawn).join(" ");

/** Whether every line the answer leaves to this page is on it: an empty place would hide a dose. */
const hasPlaces = (html) => [...html.matchAll(/ id="([^"]+)" hx-preserve/g)].every(([, id]) => document.getElementById(id));
