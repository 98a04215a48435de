// One bar while the phone itself knows that it has no network. It promises nothing: each failed request is explained on its own.

import { element, icon } from "./elements.js";
import { hhmm } from "./clock.js";

// Present before it has words, or screen readers would miss them.
const region = element("div", { role: "status" });

export function begin() {
  // Beside the server's own bars, which it replaces as a whole.
  const bars = document.getElementById("bars");
  if (bars) bars.after(region);
  else document.body.prepend(region);
  window.addEventListener("offline", show);
  window.addEventListener("online", () => region.replaceChildren());
  if (!navigator.onLine) show();
}

function show() {
  if (region.hasChildNodes()) return;
  const words = element("p", {}, element("strong", {}, `No connection since ${hhmm()}.`), " Nothing can be saved until it is back.");
  region.replaceChildren(element("div", { class: "bar bar--waiting tone-waiting" }, icon("cloud-off"), words));
}
