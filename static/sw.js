// The service worker. The server puts `self.SHELL = {version, base, files};` before this text.
//
// It keeps the shell: the offline page and files under the hashed asset address, which hold nothing about anybody. It never stores an
// answer to a navigation or to fetch/htmx: a page about a resident must be gone when the session is, and a round shown from a cache
// would be a wrong round. docs/decisions/client-side.md says why a new version waits.

const { version, base, files } = self.SHELL;
const CACHE = `shell-${version}`;
const OFFLINE = "/offline";
const KEPT = ["style", "script", "worker", "font", "image", "manifest"]; // what of `base` is kept on first use, with .wasm

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(offlinePage));
  else if (request.method === "GET" && isAsset(request, url)) event.respondWith(asset(event, url));
  // Everything else goes to the network as if this file were not there.
});

// One broken file must not keep the offline page away, so each is stored on its own; the offline page is the one that must succeed.
async function fill() {
  const cache = await caches.open(CACHE);
  await keep(cache, new URL(OFFLINE, location.origin).href, { required: true });
  const rest = files.map((file) => new URL(file, new URL(base, location.origin)).href);
  await Promise.all(rest.map((href) => keep(cache, href)));
}

async function keep(cache, href, { required = false } = {}) {
  const answer = await fetch(href, { credentials: "omit", redirect: "error" }).catch(() => null);
  if (answer && storable(answer)) await cache.put(href, answer);
  else if (required) throw new Error(`${href} could not be kept`);
}

const storable = (answer) => answer.status === 200 && answer.type === "basic" && !answer.redirected;

const isAsset = (request, url) => url.pathname.startsWith(base) && !url.search && (KEPT.includes(request.destination) || url.pathname.endsWith(".wasm"));

/** Addresses under `base` never change their content, so the first copy is as good as any later one. */
async function asset(event, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url.href);
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (storable(answer)) event.waitUntil(cache.put(url.href, answer.clone()));
  return answer;
}

async function offlinePage() {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(OFFLINE, location.origin).href)) ?? Response.error();
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}
