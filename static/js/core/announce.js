// What an answer says of itself ("Saved 08:04", "Not recorded") is read out from a region that stood in the page before: words that
// arrive together with their role are missed by some screen readers. The server marks them with the role; here they are said once.

const PLACES = { status: "announced", alert: "alarmed" };

export function begin() {
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    for (const role of Object.keys(PLACES)) say(role, marked(target, role));
  });
}

/** The marked words of what came. An error summary takes the focus and is read by that. */
function marked(root, role) {
  const found = [...root.querySelectorAll(`[role="${role}"]`)].filter((part) => part.id !== "errors" && part.textContent.trim());
  for (const part of found) part.removeAttribute("role"); // or it would be read twice
  return found.map((part) => part.textContent.replace(/\s+/g, " ").trim()).join(" ");
}

/** Have words read out from the region of a role ("status" waits its turn, "alert" interrupts). @returns {boolean} whether there is one */
export function say(role, words) {
  const place = document.getElementById(PLACES[role]);
  if (!words || !place) return false;
  place.textContent = "";
  setTimeout(() => { place.textContent = words; }, 50); // the same words again are a change again
  return true;
}
