// The form for the letters printed under a code. It posts like any form; slips the check letter can catch are caught before.

import { element } from "../core/elements.js";
import { enhance as onlyOnce } from "../core/once.js";
import { faultIn, grouped, tidy } from "./short-code.js";

export function typedCode(action, describedBy, complain) {
  const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const input = element("input", {
    class: "input", id: "scanner-code", name: "code", type: "text", maxlength: 12, size: 10, autocomplete: "off",
    autocapitalize: "characters", spellcheck: "false", enterkeyhint: "go", "aria-describedby": describedBy,
  });
  const form = element("form", { class: "scanner__form", method: "post", action, novalidate: true, hidden: true },
    element("input", { type: "hidden", name: "csrf_token", value: csrf }),
    element("label", { class: "field__label", for: input.id }, "The 7 letters under the code"),
    input,
    element("button", { class: "btn" }, "Open"));
  input.addEventListener("input", () => regroup(input));
  form.addEventListener("submit", (event) => {
    const fault = faultIn(input.value);
    if (!fault) {
      input.removeAttribute("aria-invalid");
      input.value = tidy(input.value);
      return;
    }
    event.preventDefault(); // what was typed stays
    input.setAttribute("aria-invalid", "true");
    complain(fault);
    input.focus();
  });
  onlyOnce(form);
  return form;
}

/** Capitals in groups of four and three, as printed. While the cursor is inside the text it is left in peace. */
function regroup(input) {
  const at = input.selectionStart;
  const atEnd = at === input.value.length;
  input.value = atEnd ? grouped(tidy(input.value)) : input.value.toUpperCase();
  if (!atEnd) input.setSelectionRange(at, at);
}
