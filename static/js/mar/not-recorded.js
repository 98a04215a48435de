// The red panel on a line whose request failed. It keeps the form, says what was tapped and when, and what is known about it.

import { element, button, icon } from "../core/elements.js";

const AFTERWARDS = "Trying again records it once only, even if the first one arrived.";

/** Two sentences: what happened with what is known, and what trying again does. */
export function sentence({ kind, words, what, at, why, state }) {
  const known = kind === "ready" ? "nothing has been recorded" : state === "unknown" ? "we do not know that it was saved" : "nothing is saved";
  const next = kind === "ready" ? "Try again before you give it." : state === "signed-out" ? "Sign in again, then record it." : AFTERWARDS;
  return [`You tapped ${words || "the button"}${what ? ` for ${what}` : ""} at ${at}. ${why}: ${known}.`, next];
}

export function showNotRecorded(box, outcome, tryAgain) {
  clearNotRecorded(box);
  const [what, next] = sentence(outcome);
  const retry = button("Try again", { class: `btn btn--${outcome.state === "signed-out" ? "secondary" : "primary"} btn--wide` });
  retry.addEventListener("click", tryAgain);
  const actions = element("p", { class: "not-recorded__actions stack-s" }, ...(outcome.state === "signed-out" ? [signIn()] : []), retry);
  const level = box.querySelector("h2, h3, h4, h5")?.localName ?? "h2"; // beside the medicine's own heading
  const panel = element("section", { class: "not-recorded", role: "alert" });
  box.prepend(panel);
  box.classList.add("dose--not-recorded");
  // Filled once it stands in the page: an alert is announced by its change.
  panel.append(
    element(level, { class: "dose__alarm" }, icon("octagon-x"), outcome.kind === "ready" ? "Not ready" : "Not recorded"),
    element("p", {}, what),
    element("p", {}, next),
    actions,
  );
  panel.scrollIntoView({ block: "nearest" });
}

export function clearNotRecorded(box) {
  box.classList.remove("dose--not-recorded");
  box.querySelector(":scope > .not-recorded")?.remove();
}

// This page's own address: the server asks for the PIN or password there and comes back to the same card.
const signIn = () => element("a", { class: "btn btn--primary btn--wide", href: location.href }, "Sign in again");
