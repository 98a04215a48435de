// Big keys over a plain field of digits. The last digit sends the form, so nothing else has to be hit in a corridor.

export function enhance(box) {
  const field = box.querySelector("input");
  const length = field.maxLength;
  const said = box.querySelector("[role=status]");
  const keys = box.querySelector(".pad");
  keys.hidden = false;
  box.querySelector(".pin__go").hidden = true;
  // A phone's own keyboard would cover the keys; a keyboard that is one still types into the field.
  if (matchMedia("(pointer: coarse)").matches) field.inputMode = "none";
  keys.addEventListener("click", ({ target }) => {
    const digit = target.closest("[data-digit]")?.dataset.digit;
    if (!digit) return;
    type(field, digit === "back" ? field.value.slice(0, -1) : field.value + digit);
  });
  field.addEventListener("input", () => {
    const digits = field.value.replace(/\D/g, "").slice(0, length);
    if (digits !== field.value) field.value = digits;
    said.textContent = digits ? `${digits.length} of ${length} digits` : "";
    if (digits.length === length) field.form.requestSubmit();
  });
}

function type(field, digits) {
  if (digits.length > field.maxLength) return;
  field.value = digits;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
