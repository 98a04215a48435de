// What a page must hold to at any size; each function returns sentences about what does not. Run by tests/journeys/looking.py.
(() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".vh, .skip") && e.getClientRects().length > 0;
  const named = (e) => `<${e.localName}${e.id ? ` id=${e.id}` : ""} class="${e.getAttribute("class") ?? ""}"> ${(e.getAttribute("aria-label") ?? e.textContent).replace(/\s+/g, " ").trim().slice(0, 60)}`;
  const mayScroll = ".table, .paper main"; // marked: each is a region that scrolls by itself
  const px = (words) => Number.parseFloat(words) || 0;

  /** No sideways scroll, and nothing that stands beyond the right edge outside what is marked to scroll. */
  function sideways() {
    const page = document.scrollingElement;
    const found = page.scrollWidth > innerWidth ? [`the page is ${page.scrollWidth} px wide in a window of ${innerWidth}`] : [];
    for (const e of document.body.querySelectorAll("*")) {
      if (e.closest(mayScroll) || !shown(e)) continue;
      const box = e.getBoundingClientRect();
      if (box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)) found.push(`${named(e)} stands from ${Math.round(box.left)} to ${Math.round(box.right)}`);
    }
    return found;
  }

  /** No words are cut: neither by an ellipsis, a clamp nor a box that hides what is too much. */
  function cut() {
    const found = [];
    for (const e of document.body.querySelectorAll("*")) {
      if (!shown(e) || !e.textContent.trim() || e.closest(mayScroll) || e.closest("select")) continue;
      const style = getComputedStyle(e);
      if (style.textOverflow === "ellipsis" || px(style.webkitLineClamp) > 0) found.push(`${named(e)} may be shortened`);
      const hides = (axis) => ["hidden", "clip"].includes(style[axis]);
      if ((hides("overflowX") && e.scrollWidth > e.clientWidth + 1) || (hides("overflowY") && e.scrollHeight > e.clientHeight + 1)) found.push(`${named(e)} is cut`);
    }
    return found;
  }

  /** The bars that stay leave at least two fifths of the screen to what is read. */
  function room() {
    let free = innerHeight;
    for (const e of document.querySelectorAll(".pinned, .foot")) {
      if (["sticky", "fixed"].includes(getComputedStyle(e).position)) free -= e.getBoundingClientRect().height;
    }
    return free < innerHeight * 0.4 ? [`the bars leave ${Math.round(free)} of ${innerHeight} px`] : [];
  }

  /** Whether a point of the screen belongs to an element, its label or something inside it. */
  function owns(e, x, y) {
    const there = document.elementFromPoint(x, y);
    return there !== null && (e === there || e.contains(there) || [...(e.labels ?? [])].some((label) => label.contains(there)) || (there.closest(".choice") !== null && there.closest(".choice") === e.closest(".choice")));
  }

  /** The element that has the focus: its ring is drawn and nothing that stays on the screen covers it. */
  function focused(e = document.activeElement) {
    const found = [];
    const ring = e.matches(".choice input") ? e.labels[0] : e;
    const style = getComputedStyle(ring);
    if (style.outlineStyle === "none" || px(style.outlineWidth) < 2) found.push(`${named(e)} has no ring`);
    const box = ring.getBoundingClientRect();
    const lines = [...ring.getClientRects()]; // words of a link that runs over several lines: its longest
    const middle = lines.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
    if (box.height <= innerHeight * 0.4) {
      const x = middle.left + middle.width / 2;
      const edge = Math.min(6, middle.height / 3); // lines of words reach a little into each other
      for (const y of [middle.top + edge, middle.top + middle.height / 2, middle.bottom - edge]) {
        if (!owns(ring, x, y) && !owns(e, x, y)) { found.push(`${named(e)} is covered at ${Math.round(y)} of ${innerHeight}`); break; }
      }
    } else if (![0.1, 0.3, 0.5, 0.7, 0.9].some((part) => owns(ring, box.left + box.width / 2, innerHeight * part))) {
      found.push(`${named(e)} cannot be seen at all`);
    }
    return found;
  }

  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

  /** Everything a keyboard can stop at, one after the other. */
  function stops() {
    const found = [];
    let last = 0;
    for (const e of document.querySelectorAll(STOPS)) {
      if (e.tabIndex < 0 || e.disabled || !shown(e)) continue;
      e.focus({ focusVisible: true });
      if (document.activeElement !== e) continue;
      last += 1;
      found.push(...focused(e));
    }
    return { count: last, found };
  }

  /** The regions that speak stand in the page before they have words. */
  function regions() {
    return ["status", "alarm", "announced", "alarmed"].filter((id) => !document.getElementById(id)?.matches("[role=status], [role=alert]")).map((id) => `there is no #${id} to speak from`);
  }

  window.looking = { sideways, cut, room, stops, focused, regions };
})();
