// What deserves an answer among the codes that drift through the picture. Pure: times come in.

const SAME_AGAIN = 3000; // milliseconds before a code that was answered is answered again
const FOREIGN_FOR = 400; // a foreign code passed over on the way to the wrist is not worth a word

export class Sightings {
  #quietUntil = new Map();
  #foreign = { text: null, since: 0 };

  /** Given what choose() found, the thing to act on now, or null. */
  worth(found, now) {
    if (found?.kind !== "foreign") this.#foreign.text = null;
    if (!found || found.kind === "several") return found;
    const name = found.token ?? found.text;
    if (now < (this.#quietUntil.get(name) ?? 0)) return null;
    if (found.kind === "foreign" && !this.#steady(found.text, now)) return null;
    return found;
  }

  #steady(text, now) {
    if (this.#foreign.text !== text) this.#foreign = { text, since: now };
    return now - this.#foreign.since >= FOREIGN_FOR;
  }

  answered(name, now) {
    this.#quietUntil.set(name, now + SAME_AGAIN);
  }
}
