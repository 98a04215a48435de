// Panels on the card that ask why a dose was not taken. The opposite button must not be pressed by mistake while one is open, and an
// error inside one must be seen: the card comes back long, and the words would stand below the fold.

/** After the card came back: bring its errors before the eyes and the screen reader, wherever the page stood. */
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const errors = document.getElementById("errors");
  if (!errors || !(target.contains(errors) || target.id === "card" || target.id === "dock")) return;
  // After htmx has scrolled where the form asked it to, which comes after this event.
  setTimeout(() => {
    errors.focus({ preventScroll: true });
    errors.scrollIntoView({ block: "center" });
  });
});

// The style sheet hides the dock meanwhile; a browser without :has still gets here.
document.addEventListener("submit", (event) => {
  const choosing = document.querySelector(".not-given[open] input[name=why]:checked");
  if (!choosing || !event.target.closest("#dock") || choosing.form === event.target) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  choosing.closest("details").scrollIntoView({ block: "start" });
  document.getElementById("alarm").textContent = "Nothing was recorded. You are saying why a medicine was not taken: record that first, or close it.";
}, true);

export const enhance = () => {}; // importing is enough: both listeners serve every card
