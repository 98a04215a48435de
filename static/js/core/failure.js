// What a failed htmx request means for the person: was it refused (nothing is saved), or was only the answer lost (we do not know)?
// When in doubt it is "unknown": saying "nothing is saved" of a dose that was stored would invite a second one.

const REFUSED = {
  400: "The form was not understood",
  403: "You are not allowed to do this",
  404: "This page is no longer there",
  408: "The sending took too long",
  413: "There was too much to send",
  429: "There were too many tries in a short time",
  503: "The service cannot save just now",
};

/** @returns {{state: "refused"|"unknown"|"signed-out", why: string}} */
export function failure(event, { startedOffline = false } = {}) {
  switch (event.type) {
    case "htmx:timeout":
      return unknown("No answer came in time");
    case "htmx:sendError":
      return startedOffline && !navigator.onLine ? refused("This phone has no connection") : unknown("The connection was lost before the answer came");
    case "htmx:responseError":
      return answered(event.detail.xhr);
    case "htmx:targetError":
      return refused("This page is out of date");
    default:
      return unknown("The answer could not be shown");
  }
}

function answered(xhr) {
  if (xhr.status === 401) return { state: "signed-out", why: "You are signed out" };
  if (xhr.status === 423) return refused("This screen was locked");
  if (xhr.status < 400) return unknown("A page came back that does not belong here");
  const words = wordsIn(xhr.responseText);
  if (xhr.status === 409) return unknown(words || "Something else is already stored for this");
  if (xhr.status === 503 || (xhr.status >= 400 && xhr.status < 500)) return refused(words || REFUSED[xhr.status] || "The service refused it");
  return unknown(words || "The service had a fault");
}

/** The server's own words as text. Parsed in a document of its own, where nothing runs and nothing loads. */
function wordsIn(html) {
  const found = new DOMParser().parseFromString(html || "", "text/html").querySelector("[data-words]");
  return (found?.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 300).replace(/[.:;,\s]+$/, "");
}

const refused = (why) => ({ state: "refused", why });
const unknown = (why) => ({ state: "unknown", why });
