// Asks the server whose code it is. Any answer that is not clearly one of the known kinds counts as no answer.

import { SAY } from "./scanner-words.js";

const WITHIN = 8000; // milliseconds
const KINDS = ["right", "stop", "revoked", "left", "unknown", "signed_out"];

/** @returns {{kind, url, words}}; further kinds: "page" (open /r/… as a page), "no-connection", "bad-answer" */
export async function lookUp(token) {
  const here = `/r/${token}`;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), WITHIN);
  try {
    const answer = await fetch(here, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store", signal: limit.signal });
    // Locked or signed out: the server keeps the scan and asks for the PIN on a page of its own.
    if (answer.status === 401 || answer.status === 423) return { kind: "page", url: here };
    if (!answer.ok) return { kind: "bad-answer" };
    const text = await answer.text(); // a cut answer is a lost connection, not a fault
    return understood(text);
  } catch {
    return { kind: "no-connection" };
  } finally {
    clearTimeout(timer);
  }
}

function understood(text) {
  try {
    const { kind, url = null, words = "" } = JSON.parse(text);
    const ours = !url || new URL(url, location.href).origin === location.origin;
    const leads = Boolean(url) || !["right", "stop"].includes(kind);
    return KINDS.includes(kind) && ours && leads ? { kind, url, words: String(words) } : { kind: "bad-answer" };
  } catch {
    return { kind: "bad-answer" };
  }
}

/** What to do about it: go to `url`, or say `words` (and offer to ask `again`). */
export function meaning({ kind, url, words }) {
  if (kind === "right") return { state: "right", words: SAY.right, url };
  if (kind === "stop") return { state: "stop", words: words || SAY.stop, url };
  if (kind === "page" || (kind === "signed_out" && url)) return { state: "checking", words: SAY.checking, url };
  if (kind === "no-connection") return { words: SAY.noConnection, again: true };
  if (kind === "bad-answer") return { words: SAY.badAnswer, again: true };
  return { words: words || SAY.unknown }; // revoked, left, unknown; the url it may carry is not followed
}

/** Counted by the server; nobody waits for it. */
export function countForeign(url) {
  if (!url) return;
  const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  fetch(url, { method: "POST", headers: { "X-CSRF-Token": csrf }, credentials: "same-origin", keepalive: true }).catch(() => {});
}
