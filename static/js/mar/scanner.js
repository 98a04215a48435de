// From a tap on Scan to the right card, without leaving the page first. The link's own page does the same without this.

import { Decoder } from "./decoder.js";
import { Scanner } from "./scanner-session.js";

const WAITS = 2000; // milliseconds for which a decoder waits for the tap to end; a finger that scrolls on never ends it here
let early = null;

export function enhance(host, name) {
  if (!window.HTMLDialogElement || !window.Worker || !window.WebAssembly) return;
  if (name === "scanner-page") {
    new Scanner(host.dataset, () => host.querySelector("a, button, input:not([type=hidden])")?.focus()).open();
    return;
  }
  host.addEventListener("pointerdown", begin);
  host.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!document.querySelector("dialog.scanner")) new Scanner(host.dataset, () => host.focus({ preventScroll: true }), taken()).open();
  });
}

/** The finger is down: the decoder compiles while it is lifted. */
function begin({ button }) {
  if (button || early || document.querySelector("dialog.scanner")) return;
  const decoder = (early = new Decoder());
  setTimeout(() => early === decoder && taken().end(), WAITS);
}

function taken() {
  const decoder = early ?? undefined;
  early = null;
  return decoder;
}
