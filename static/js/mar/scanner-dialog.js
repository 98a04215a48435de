// The full-screen dialog: its parts and what they show. It decides nothing about codes.

import { element, button, icon } from "../core/elements.js";
import { typedCode } from "./typed-code.js";

const control = (words, picture) => button(words, { class: "btn" }, picture);

export class ScannerDialog {
  video = element("video", { class: "scanner__video", playsinline: true, "aria-hidden": "true" });
  retry = button("Try again", { hidden: true });
  torch = control("Light", "flashlight");
  typeIt = control("Type the code", "keyboard");
  closeIt = control("Close", "x");
  // Both stand in the page before they have words, or the first ones would not be announced.
  #status = element("p", { role: "status" });
  #alert = element("p", { role: "alert", id: "scanner-alert" });
  #pictures = element("div", { class: "scanner__view" }, this.video, element("div", { class: "scanner__frame", "aria-hidden": "true" }));
  #blind = element("p", { class: "scanner__blind", hidden: true }, icon("camera-off"));

  constructor({ typedUrl, findUrl }) {
    this.video.muted = true; // the attribute does not count on an element made by script; without it iPhones will not play
    this.torch.hidden = true;
    this.torch.setAttribute("aria-pressed", "false");
    this.typed = typedCode(typedUrl, "scanner-alert", (words) => this.show(this.state, words, { alert: true }));
    const find = findUrl ? [element("a", { class: "btn", href: findUrl }, icon("list"), element("span", {}, "Find in the list"))] : [];
    this.dialog = element("dialog", { class: "scanner", "aria-label": "Scan a person’s code" },
      this.#pictures,
      element("div", { class: "scanner__message" }, this.#blind, this.#status, this.#alert, this.retry),
      this.typed,
      element("div", { class: "scanner__bar" }, this.torch, this.typeIt, ...find, this.closeIt));
  }

  get state() {
    return this.dialog.dataset.state;
  }

  /** `state` is for the style sheet. An alert interrupts a screen reader; other words wait their turn. */
  show(state, words, { alert = false } = {}) {
    this.dialog.dataset.state = state;
    const [blind, typing] = [state === "no-camera", state === "typing"];
    this.#pictures.hidden = blind || typing;
    this.#blind.hidden = !blind;
    this.typed.hidden = !(blind || typing);
    this.typeIt.hidden = blind;
    this.typeIt.lastChild.textContent = typing ? "Use the camera" : "Type the code";
    this.retry.hidden = true;
    say(this.#status, alert ? "" : words);
    say(this.#alert, alert ? words : "");
  }

  offerRetry(again) {
    this.retry.onclick = again;
    this.retry.hidden = false;
  }

  showTorch(there, on = false) {
    this.torch.hidden = !there;
    this.torch.setAttribute("aria-pressed", String(on));
  }
}

// Writing the same words again would have them read out again.
function say(region, words) {
  if (region.textContent !== words) region.textContent = words;
}
