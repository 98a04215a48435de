// Builds elements by DOM methods only: text stays text, whatever it holds, and the content policy has nothing to object to.

const SPRITE = new URL("../../img/icons.svg", import.meta.url).href;
const SVG = "http://www.w3.org/2000/svg";

/** element("p", {class: "note", role: "status"}, "words", child, …); an attribute that is null or false is left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** A picture beside words, never instead of them. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

export function button(words, attributes = {}, picture = null) {
  return element("button", { type: "button", class: "btn btn--secondary", ...attributes }, ...(picture ? [icon(picture)] : []), element("span", {}, words));
}
