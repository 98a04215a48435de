// The service worker keeps the shell (no page about anybody) and an honest page for when there is no network.

export function begin() {
  if (!("serviceWorker" in navigator)) return;
  // A private window or a policy may forbid it; the pages do not need it.
  navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" }).catch((problem) => console.warn("No service worker:", problem));
}
