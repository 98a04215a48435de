// The cover. A page that nobody touches for its time, or whose server says 423, is covered by a pad: nothing beneath it is painted or
// read out, and nothing typed is lost. The server decides whether a session is locked; this only hides at once what the eye could see.

import { button, element } from "./elements.js";
import { filled } from "./filled.js";
import { enhance as pad } from "./pad.js";

const LOOK_EVERY = 1000; // milliseconds between looks at the time
const TELL_EVERY = 20_000; // at most this often the server hears that somebody is here
const TOUCHES = ["pointerdown", "keydown", "input"];
const others = "BroadcastChannel" in window ? new BroadcastChannel("steady-lock") : null; // other tabs of the same browser

let source = null; // the <template> the server sent
let session = 0; // whose page this is: a number that grows with every sign-in, and no secret
let cover = null; // the open dialog
let touched = Date.now();
let told = Date.now();
let before = {}; // title, place and focus, to put back

export function begin() {
  source = document.getElementById("lock-cover");
  if (!source) return;
  session = Number(source.dataset.session);
  for (const type of TOUCHES) window.addEventListener(type, touch, { capture: true, passive: true });
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:responseError", ({ detail }) => detail.xhr.status === 423 && lock({ how: null }));
  document.addEventListener("htmx:beforeRequest", (event) => cover && event.preventDefault());
  document.addEventListener("submit", onSubmit, true);
  others?.addEventListener("message", ({ data }) => hear(data));
  tellOthers("here");
  document.documentElement.dataset.locks = "on"; // for the tests
  if (Number(source.dataset.warnIn) > 0) setTimeout(warn, Math.min(2 ** 31 - 1, 1000 * Number(source.dataset.warnIn)));
}

// ---------------------------------------------------------------- the time

function touch(event) {
  if (cover || !event.isTrusted) return;
  touched = Date.now();
  tellOthers("touched");
  tell();
}

/** Later touches are told too: the last one of a burst must not be lost, or the server would lock while somebody types. */
function tell() {
  const wait = told + TELL_EVERY - Date.now();
  if (wait > 0) return;
  told = Date.now();
  post("/here").then(({ status }) => heard(status)).catch(() => {});
}

function heard(status) {
  if (status === 423 || status === 401) lock({ how: null }); // locked, or ended: what is typed here stays hidden beneath
  if (status === 403) leave(); // this page's token is another session's
}

function look() {
  if (cover) return;
  if (Date.now() < touched) touched = Date.now(); // the phone's clock was put back
  if (touched > told) tell();
  if (Date.now() - touched >= limit()) lock({ how: "idle" });
}

function limit() {
  const ready = document.querySelector("[data-stands-ready]");
  return 1000 * Number(ready ? source.dataset.afterReady : source.dataset.after);
}

/** Tabs speak with the session their page belongs to, so that nobody's touch or PIN goes on with somebody else's page. */
function tellOthers(said) {
  others?.postMessage({ said, session });
}

function hear({ said, session: theirs }) {
  if (theirs > session || (theirs === session && said === "switched")) return leave();
  if (theirs !== session) return; // a page left over from before: it leaves when it hears this one
  if (said === "touched") touched = Date.now();
  if (said === "locked") lock({ how: null, echo: false });
  if (said === "open") uncover();
}

/** This page belongs to somebody who is not signed in here any more. */
function leave() {
  document.documentElement.classList.add("is-locked");
  document.title = "Locked";
  location.replace("/");
}

// ---------------------------------------------------------------- covering

/** `how` is what the server is told: "tapped", "idle", or null where it knows. */
export function lock({ how = "tapped", echo = true } = {}) {
  if (cover) return;
  document.querySelector(".lock--ask")?.remove();
  for (const other of document.querySelectorAll("dialog[open]")) other.close(); // the camera stops with its dialog
  before = { title: document.title, top: window.scrollY, focus: document.activeElement };
  cover = element("dialog", { class: "lock", "aria-label": "Locked" });
  cover.append(source.content.cloneNode(true));
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => cover?.isConnected && !cover.open && cover.showModal()); // a second Escape closes it all the same
  cover.querySelectorAll('[data-js="pad"]').forEach(pad);
  document.body.append(cover);
  document.documentElement.classList.add("is-locked");
  document.title = "Locked";
  cover.showModal();
  first()?.focus();
  if (how) post("/lock", fields({ how })).catch(() => {}); // without a network the server locks by itself
  if (echo) tellOthers("locked");
}

function uncover() {
  if (!cover) return;
  const gone = cover;
  cover = null;
  gone.remove();
  document.documentElement.classList.remove("is-locked");
  document.title = before.title;
  window.scrollTo(0, before.top);
  if (before.focus?.isConnected) before.focus.focus({ preventScroll: true });
  touched = told = Date.now();
  for (const poller of document.querySelectorAll('[hx-trigger~="refresh"]')) poller.dispatchEvent(new Event("refresh"));
}

const asked = () => cover.querySelector("[data-ask]:not([hidden])");
const first = () => asked()?.querySelector("input");

// ---------------------------------------------------------------- opening

function onSubmit(event) {
  const form = event.target;
  if (form.matches("[data-lock]")) {
    event.preventDefault();
    lock();
  } else if (form.matches("[data-switch]")) {
    event.preventDefault();
    handOn(form);
  } else if (cover?.contains(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    open(form);
  }
}

async function open(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  say("");
  try {
    const answer = await post("/unlock", typedIn(form));
    if (answer.status === 403) return leave();
    const { kind, words = "", ask } = await answer.json();
    if (answer.ok && kind === "open") return opened();
    empty(form);
    if (kind === "signed_out") return signedOut(words);
    if (ask === "password") askPassword();
    say(words || "That did not work. Try again.");
  } catch {
    empty(form);
    say("No answer came. Check the connection and try again.");
  } finally {
    delete form.dataset.busy;
  }
}

function opened() {
  tellOthers("open");
  uncover();
}

function typedIn(form) {
  const sent = new FormData();
  for (const field of asked().querySelectorAll("input")) if (field.value) sent.append(field.name, field.value);
  sent.append("csrf_token", form.elements.csrf_token.value);
  return sent;
}

function empty(form) {
  for (const field of form.querySelectorAll("[data-ask] input")) field.value = "";
  first()?.focus();
}

function askPassword() {
  for (const part of cover.querySelectorAll("[data-ask]")) part.hidden = part.dataset.ask !== "password";
  first()?.focus();
}

function signedOut(words) {
  say(words);
  for (const part of cover.querySelectorAll("[data-ask]")) part.hidden = true;
  cover.querySelector("form").append(element("a", { class: "btn btn--primary btn--wide", href: "/sign-in" }, "Sign in"));
}

function say(words) {
  const place = cover.querySelector(".lock-words");
  place.textContent = words;
  place.hidden = !words;
}

// ---------------------------------------------------------------- somebody else

/** The server says whether anything would be lost; the labels of filled fields go with the question, never what is in them. */
async function handOn(form, sure = false) {
  const sent = new FormData();
  sent.append("csrf_token", form.elements.csrf_token.value);
  if (sure) sent.append("sure", "yes");
  for (const label of filled(form)) sent.append("typed", label);
  try {
    const said = await (await post("/switch", sent)).json();
    if (said.kind === "asks") askFirst(form, said);
    else handedOn(said.url);
  } catch {
    form.submit(); // the plain way, which explains itself
  }
}

function handedOn(url) {
  tellOthers("switched");
  location.assign(url);
}

/** Asked over the page, so that keeping it keeps everything on it. */
function askFirst(form, { words, lost, name }) {
  const keep = button(`Keep it: back to ${name}`, { class: "btn btn--primary btn--wide" });
  const lose = button("Lose it and switch", { class: "btn btn--danger btn--wide" });
  const list = element("ul", { class: "rows facts" }, ...lost.map((what) => element("li", {}, what)));
  const asking = element("dialog", { class: "lock lock--ask", "aria-label": words }, element("h2", {}, words), list, keep, lose);
  keep.addEventListener("click", () => asking.remove());
  lose.addEventListener("click", () => handOn(form, true));
  document.body.append(asking);
  asking.showModal();
}

// ---------------------------------------------------------------- words with the server

function fields(values) {
  const sent = new FormData();
  for (const [name, value] of Object.entries(values)) sent.append(name, value);
  return sent;
}

function post(url, body = null) {
  const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  return fetch(url, { method: "POST", body, headers: { "X-CSRF-Token": csrf, Accept: "application/json" }, credentials: "same-origin", keepalive: true });
}

function warn() {
  const bars = document.getElementById("bars");
  if (!bars || bars.querySelector("[data-ends]")) return;
  bars.append(element("p", { class: "bar tone-late", role: "status", "data-ends": true }, source.dataset.warning));
}
