// A field to sign in with a finger, a pen or a mouse. What is kept are the strokes, as points of a field of 1000 by 400; the page's own
// typed statement is the way for everybody who cannot draw, and for a browser where this does not start.

const WIDE = 1000, HIGH = 400, MOST_POINTS = 5500;

export function enhance(box) {
  const kept = box.querySelector("input");
  const field = box.querySelector("canvas");
  const bar = box.querySelector(".signature__bar");
  const said = bar.querySelector("[role=status]");
  const strokes = kept.value ? JSON.parse(kept.value) : [];
  let stroke = null;

  field.hidden = bar.hidden = false;
  field.addEventListener("pointerdown", (event) => {
    field.setPointerCapture(event.pointerId);
    stroke = [point(field, event)];
    strokes.push(stroke);
  });
  field.addEventListener("pointermove", (event) => {
    if (!stroke || strokes.reduce((sum, one) => sum + one.length, 0) > MOST_POINTS) return;
    const next = point(field, event), last = stroke.at(-1);
    if (Math.hypot(next[0] - last[0], next[1] - last[1]) < 3) return;
    stroke.push(next);
    draw(field, strokes);
  });
  for (const end of ["pointerup", "pointercancel"]) field.addEventListener(end, finish);
  bar.querySelector("button").addEventListener("click", () => {
    strokes.length = 0;
    finish();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(field, strokes));
  finish();

  function finish() {
    stroke = null;
    kept.value = strokes.length ? JSON.stringify(strokes) : "";
    said.textContent = strokes.length ? "Signed. Clear it to sign again" : "Sign here with a finger or a mouse";
    draw(field, strokes);
  }
}

function point(field, event) {
  const box = field.getBoundingClientRect();
  const along = (at, from, length, most) => Math.max(0, Math.min(most, Math.round(((at - from) / length) * most)));
  return [along(event.clientX, box.left, box.width, WIDE), along(event.clientY, box.top, box.height, HIGH)];
}

function draw(field, strokes) {
  const pen = field.getContext("2d");
  pen.clearRect(0, 0, WIDE, HIGH);
  pen.strokeStyle = getComputedStyle(field).color;
  pen.lineWidth = 5;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    stroke.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }
}
