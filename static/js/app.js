// The entry. It imports nothing statically, so a first page costs one request for it; everything else comes when an element asks for it.
// A page without JavaScript, or with a module that failed to load, still has its links and forms.

const ENHANCEMENTS = {
  "scanner": () => import("./mar/scanner.js"),
  "scanner-page": () => import("./mar/scanner.js"),
  "panels": () => import("./mar/panels.js"),
  "record": () => import("./mar/record.js"),
  "ready": () => import("./mar/record.js"),
  "once": () => import("./core/once.js"),
  "as-of": () => import("./core/as-of.js"),
  "print": () => import("./core/print.js"),
  "pad": () => import("./core/pad.js"),
  "back": () => import("./core/back.js"),
  "file-size": () => import("./core/file-size.js"),
  "signature": () => import("./competency/signature.js"),
};
// What a tap in the first moment needs. The rest waits until the page has loaded: on a slow line it would hold up the list.
const AT_ONCE = ["record", "ready", "scanner-page", "pad"];
const ANSWER_WITHIN = 10_000; // milliseconds; after that the person is told, whatever the network does
const started = new WeakSet();

async function start(element) {
  if (started.has(element)) return;
  started.add(element);
  for (const name of element.dataset.js.split(/\s+/)) {
    try {
      (await ENHANCEMENTS[name]?.())?.enhance(element, name);
    } catch (problem) {
      console.warn(`${name} stays plain:`, problem);
    }
  }
  element.dataset.jsOn = ""; // for the tests, and for a style that only makes sense once it works
}

function startWithin(root) {
  if (root.matches?.("[data-js]")) start(root);
  root.querySelectorAll?.("[data-js]").forEach(start);
}

async function startForPage(module) {
  try {
    (await module()).begin();
  } catch (problem) {
    console.warn("Part of the page stays plain:", problem);
  }
}

function whenQuiet(work) {
  const later = () => (window.requestIdleCallback ?? ((run) => setTimeout(run, 200)))(work, { timeout: 2000 });
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
}

// What stores an entry says what this phone's clock shows when it is sent; the server keeps it beside its own time and believes its own.
document.addEventListener("submit", ({ target: form }) => {
  if (!form.elements?.entry_id) return;
  const field = form.querySelector('[name="phone_at"]') ?? form.appendChild(document.createElement("input"));
  Object.assign(field, { type: "hidden", name: "phone_at", value: Date.now() });
}, true);
document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  detail.timeout ||= ANSWER_WITHIN;
});
document.addEventListener("htmx:load", ({ target }) => startWithin(target));

document.querySelectorAll(AT_ONCE.map((name) => `[data-js~="${name}"]`).join()).forEach(start);
if (document.readyState === "complete") startWithin(document);
else window.addEventListener("load", () => startWithin(document), { once: true });
startForPage(() => import("./core/alarm.js"));
whenQuiet(() => {
  if (document.getElementById("lock-cover")) startForPage(() => import("./core/lock.js"));
  startForPage(() => import("./core/announce.js"));
  startForPage(() => import("./core/restore.js"));
  startForPage(() => import("./core/connection.js"));
  startForPage(() => import("./core/worker.js"));
});
