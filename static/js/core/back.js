// A link that means "to where I was": the page comes back as it stood, with what was typed on it.

export function enhance(link) {
  link.addEventListener("click", (event) => {
    if (history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}
