// From a tap on Scan to the right card, without leaving the page first. The link's own page does the same without this.

import { Scanner } from "./scanner-session.js";

export function enhance(host, name) {
  if (!window.HTMLDialogElement || !window.Worker || !window.WebAssembly) return;
  if (name === "scanner-page") {
    new Scanner(host.dataset, () => host.querySelector("a, button, input:not([type=hidden])")?.focus()).open();
    return;
  }
  host.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!document.querySelector("dialog.scanner")) new Scanner(host.dataset, () => host.focus({ preventScroll: true })).open();
  });
}
