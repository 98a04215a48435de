// Which fields of a page hold something a person typed or chose and has not sent: their labels, for a warning.

export function filled(but) {
  const labels = [];
  for (const form of document.forms) {
    if (form === but || form.closest(".lock") || form.matches('[method="get"], .search')) continue;
    for (const field of form.elements) if (changed(field)) labels.push(labelOf(field));
  }
  return [...new Set(labels.filter(Boolean))].slice(0, 12);
}

function changed(field) {
  if (field.type === "hidden" || field.type === "password" || field.disabled) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked && field.checked;
  if (field.localName === "select") return [...field.options].some((option) => option.selected && !option.defaultSelected && option.index > 0);
  return "defaultValue" in field && field.type !== "submit" && field.type !== "button" && field.value !== field.defaultValue && field.value.trim() !== "";
}

/** A group's own question for its choices, else the field's label. */
function labelOf(field) {
  const legend = field.type === "radio" || field.type === "checkbox" ? field.closest("fieldset")?.querySelector("legend") : null;
  return ((legend ?? field.labels?.[0])?.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 60);
}
