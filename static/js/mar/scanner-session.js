// One opening of the scanner: camera, decoder, the server's answer, and the way out of each trouble.

import { Camera } from "./camera.js";
import { Decoder } from "./decoder.js";
import { ScannerDialog } from "./scanner-dialog.js";
import { Sightings } from "./sightings.js";
import { choose } from "./codes.js";
import { countForeign, lookUp, meaning } from "./lookup.js";
import { allowSound, give } from "./signals.js";
import { CAMERA, SAY } from "./scanner-words.js";

export class Scanner {
  #origins = [location.origin, document.querySelector('meta[name="public-url"]')?.content];
  #sightings = new Sightings();
  #checking = false;
  #leaving = false; // the page is on its way out, or the dialog is closed
  #reading = false;

  constructor(addresses, giveFocusBack, decoder = new Decoder()) {
    this.addresses = addresses;
    this.giveFocusBack = giveFocusBack;
    this.view = new ScannerDialog(addresses);
    this.camera = new Camera(this.view.video);
    this.decoder = decoder; // compiles while the camera asks for leave
  }

  open() {
    const { dialog, torch, typeIt, closeIt } = this.view;
    document.body.append(dialog);
    dialog.addEventListener("close", () => this.#end());
    dialog.addEventListener("pointerdown", allowSound);
    closeIt.addEventListener("click", () => dialog.close());
    typeIt.addEventListener("click", () => this.#toggleTyping());
    torch.addEventListener("click", async () => this.view.showTorch(true, await this.camera.light(torch.getAttribute("aria-pressed") !== "true")));
    document.addEventListener("visibilitychange", this.#visible);
    window.addEventListener("pagehide", this.#hide);
    allowSound();
    dialog.showModal();
    closeIt.focus();
    this.#startCamera();
  }

  #end() {
    document.removeEventListener("visibilitychange", this.#visible);
    window.removeEventListener("pagehide", this.#hide);
    this.#leaving = true;
    this.camera.stop();
    this.decoder.end();
    this.view.dialog.remove();
    this.giveFocusBack();
  }

  // The camera rests while nobody looks (another app, a locked screen) and comes back by itself.
  #visible = () => (document.hidden ? this.camera.stop() : this.#cameraWanted && this.#startCamera());
  #hide = () => this.camera.stop();

  get #cameraWanted() {
    return !this.#leaving && !["typing", "no-camera"].includes(this.view.state);
  }

  async #startCamera() {
    this.view.show("starting", SAY.starting);
    try {
      if (!(await this.camera.start(() => this.#lost()))) return;
      await this.decoder.ready;
    } catch (problem) {
      this.#blind(problem);
      return;
    }
    if (!this.camera.running) return;
    this.view.show("looking", SAY.looking);
    this.view.showTorch(this.camera.hasTorch);
    this.#read();
  }

  async #read() {
    if (this.#reading) return; // the loop of before the pause goes on with the new pictures
    this.#reading = true;
    try {
      do {
        await this.decoder.watch(this.view.video, () => this.camera.running, (results, size) => this.#seen(results, size));
      } while (this.camera.running && !this.#leaving); // started again just as the loop was ending
    } catch (problem) {
      this.#blind(problem);
    } finally {
      this.#reading = false;
    }
  }

  #lost() {
    this.camera.stop();
    if (!document.hidden && this.#cameraWanted) this.#blind({ kind: "lost" });
  }

  /** No pictures, or nothing to read them with: say why, and offer the letters and the list. */
  #blind({ kind, message }) {
    if (this.#leaving) return;
    if (!kind) console.warn("The decoder failed:", message);
    this.camera.stop();
    this.view.showTorch(false);
    this.view.show("no-camera", kind ? CAMERA[kind] : SAY.noDecoder, { alert: true });
    if (kind && kind !== "insecure") this.view.offerRetry(() => this.#startCamera());
  }

  // While somebody types, a code that happens to come into view must not open another person.
  #toggleTyping() {
    if (this.view.state === "typing") {
      this.#startCamera();
      return;
    }
    this.camera.stop();
    this.view.showTorch(false);
    this.view.show("typing", SAY.typing);
    this.view.typed.elements.code.focus();
  }

  #seen(results, size) {
    if (this.#checking || this.#leaving) return;
    const found = this.#sightings.worth(choose(results, size, this.#origins), Date.now());
    if (found?.kind === "ours") this.#check(found.token);
    if (found?.kind === "several") this.view.show("looking", SAY.several);
    if (found?.kind === "foreign") this.#refuseForeign(found.text);
  }

  #refuseForeign(text) {
    countForeign(this.addresses.notOursUrl);
    this.#sightings.answered(text, Date.now());
    this.#problem(SAY.foreign);
  }

  async #check(token) {
    if (this.#checking) return;
    this.#checking = true;
    this.view.show("checking", SAY.checking);
    const answer = await lookUp(token);
    this.#checking = false;
    if (this.#leaving || this.view.state !== "checking") return; // closed, typing or back from another app: nobody waits for it
    this.#sightings.answered(token, Date.now());
    this.#answer(answer, token);
  }

  #answer(answer, token) {
    const { state, words, url, again } = meaning(answer);
    if (url) this.#leave(state, words, url);
    else this.#problem(words, again ? token : null);
  }

  #problem(words, token = null) {
    this.view.show("problem", words, { alert: true });
    give("unknown");
    if (token) this.view.offerRetry(() => this.#check(token));
  }

  async #leave(state, words, url) {
    this.#leaving = true;
    this.view.show(state, words, { alert: state === "stop" });
    if (state !== "checking") await give(state);
    this.camera.stop();
    location.assign(url);
  }
}
