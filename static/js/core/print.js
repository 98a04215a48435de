// A Print button. Without JavaScript the browser's own menu does it, so the button is only useful once this runs.

export function enhance(button) {
  button.addEventListener("click", () => window.print());
}
