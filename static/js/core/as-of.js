// A board that has stopped must never look like one that is up to date: a failed poll, or none for a while, is said beside its time.

import { hhmm } from "./clock.js";

const FAILURES = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];
const boards = new Map(); // the .as-of element -> {poller, at, good, words}

export function enhance(note) {
  const poller = note.closest("[hx-get]");
  if (!poller) return;
  boards.set(note, { poller, at: note.dataset.at || hhmm(), good: Date.now(), words: note.textContent });
}

for (const type of FAILURES) {
  document.addEventListener(type, (event) => {
    for (const [note, board] of boards) {
      if (board.poller !== event.detail.elt) continue;
      event.detail.explained = true;
      if (gone(note, event.detail.xhr)) return location.reload();
      stale(note, board);
    }
  });
}

// A poll that changed nothing (204) leaves the element: it is fresh again. After a swap a new element has taken its place.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  for (const [note, board] of boards) {
    if (!note.isConnected) boards.delete(note);
    else if (detail.successful && board.poller === detail.elt) fresh(note, board);
  }
});

// Nobody looks at a hidden board; when it is looked at again it asks at once.
document.addEventListener("htmx:beforeRequest", (event) => {
  const polled = [...boards.values()].some((board) => board.poller === event.detail.elt);
  if (polled && document.hidden) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  check();
  for (const { poller } of boards.values()) poller.dispatchEvent(new Event("refresh"));
});

// Timers stop with the machine's sleep, and a poll can fail to start at all: then no event tells us, only the time that passed.
setInterval(check, 5000);

function check() {
  for (const [note, board] of boards) {
    if (!note.isConnected) boards.delete(note);
    const allowed = 1000 * Number(note.dataset.staleAfter || 30);
    if (note.isConnected && !document.hidden && Date.now() - board.good > allowed) stale(note, board);
  }
}

// A wall board that was marked lost: what it showed is not its to show any more. Elsewhere somebody may be typing.
function gone(note, answer) {
  return note.closest("#wall") && (answer?.status === 401 || answer?.status === 404);
}

function stale(note, board) {
  const words = `Last updated ${board.at}. Not updating now.`;
  if (note.textContent === words) return;
  note.classList.add("as-of--stale");
  note.setAttribute("role", "status"); // only now, or each poll would be read out
  requestAnimationFrame(() => { note.textContent = words; });
}

function fresh(note, board) {
  const now = hhmm();
  Object.assign(board, { good: Date.now(), at: now, words: board.words.replace(board.at, now) });
  note.classList.remove("as-of--stale");
  if (note.textContent !== board.words) note.textContent = board.words;
}
