// A second tap on an ordinary form is ignored. The server would know it for a repeat; this only spares the wait and the doubt.

const sent = new Set();

export function enhance(form) {
  form.addEventListener("submit", (event) => {
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    setTimeout(() => (event.defaultPrevented ? sent.delete(form) : hold(form))); // once every other listener has had its say
  });
}

function hold(form) {
  // aria-disabled, not disabled: the pressed button keeps the focus and its name=value is still sent.
  for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
}

const buttons = (form) => [...form.elements].filter((field) => field.type === "submit");

// The page may come back as it was left (Back, or a failed navigation): then the form must work again.
window.addEventListener("pageshow", () => {
  for (const form of sent) for (const button of buttons(form)) button.removeAttribute("aria-disabled");
  sent.clear();
});
