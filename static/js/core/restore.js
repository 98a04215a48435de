// A page kept by the browser for Back may show a round, or a person, as it was before somebody else signed in. It is asked for again.

export function begin() {
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
