// Where the third corner square must be when only two were found, e.g. under a lamp's glare or a scuff. Pure.

import { toneAt } from "./grid.js";

const MOST = 6; // clearest squares paired
const KEPT = 8; // guesses handed on
const LEAST = 0.25; // likeness to a corner square, from -1 to 1, below which it is chance
const FEWEST_APART = 15; // modules between two corner squares of the codes known here, with room for doubt
const MOST_APART = 46;
const PARTS = [27, 27, 48, 72]; // the middle (9 points), the light ring (16) and the dark one (24) weigh a third each

/** Guesses at whole threes from pairs of squares, as `threesOf` gives them, likeliest first. */
export function threesFromTwo(tones, found) {
  const some = found.slice(0, MOST);
  const guesses = some.flatMap((a, i) => some.slice(i + 1).flatMap((b) => (alike(a, b) ? [...beside(tones, a, b), ...beside(tones, b, a), ...across(tones, a, b)] : [])));
  return guesses.filter(({ like }) => like > LEAST).sort((a, b) => b.like - a.like).slice(0, KEPT);
}

function alike(a, b) {
  const [one, two] = [Math.sqrt(a.across * a.down), Math.sqrt(b.across * b.down)];
  return Math.max(one, two) < 2 * Math.min(one, two);
}

/** `a` and `b` share a side of the code and the third lies beside `a`, on either hand. */
function beside(tones, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const modules = apart(a, b, dx, dy, 1);
  if (!modules) return [];
  return [1, -1].map((hand) => {
    const { x, y, like } = sought(tones, [a.x, a.y], [-hand * dy, hand * dx], [dx, dy], modules);
    const third = { x, y, across: a.across, down: a.down };
    return { corner: a, right: hand > 0 ? b : third, below: hand > 0 ? third : b, modules, like };
  });
}

/** `a` and `b` lie across the code from each other and the third is its upper left corner, on either hand. */
function across(tones, a, b) {
  const [dx, dy] = [(b.x - a.x) / 2, (b.y - a.y) / 2];
  const modules = apart(a, b, 2 * dx, 2 * dy, Math.SQRT1_2);
  if (!modules) return [];
  return [1, -1].map((hand) => {
    const { x, y, like } = sought(tones, [a.x + dx, a.y + dy], [-hand * dy, hand * dx], [dx, dy], modules, [a, b]);
    const third = { x, y, across: (a.across + b.across) / 2, down: (a.down + b.down) / 2 };
    return { corner: third, right: hand > 0 ? b : a, below: hand > 0 ? a : b, modules, like };
  });
}

function apart(a, b, dx, dy, part) {
  const length = Math.hypot(dx, dy);
  const turned = part === 1 ? Math.atan2(dy, dx) : Math.atan2(dy, dx) + Math.PI / 4;
  const steep = Math.max(Math.abs(Math.cos(turned)), Math.abs(Math.sin(turned)));
  const modules = (7 * length * part * 4) / ((a.across + a.down + b.across + b.down) * steep);
  return modules > FEWEST_APART && modules < MOST_APART ? modules : null;
}

/** The place most like a corner square, round `from` + `out`, as far as a slant of 45 degrees could move it; `along` leads to the other square. */
function sought(tones, from, out, along, modules, ends) {
  let best = { like: -1 };
  const look = (far, aside) => {
    const [x, y] = [from[0] + far * out[0] + aside * along[0], from[1] + far * out[1] + aside * along[1]];
    const [one, two] = ends ? [[ends[0].x - x, ends[0].y - y], [ends[1].x - x, ends[1].y - y]] : [[x - from[0], y - from[1]], along];
    const like = likeSquare(tones, x, y, one.map((v) => v / modules), two.map((v) => v / modules));
    if (like > best.like) best = { like, x, y, far, aside };
  };
  const step = (ends ? 1.4 : 1) / modules;
  for (let far = 0.55; far < 1.8; far += step) for (let aside = -0.45; aside <= 0.45; aside += step) look(far, aside);
  const { far, aside } = best;
  for (let i = -2; i <= 2; i += 1) for (let j = -2; j <= 2; j += 1) if (best.like > 0) look(far + (i * step) / 4, aside + (j * step) / 4);
  return best;
}

/** How like a corner square it is round a point, from -1 to 1, its sides along two directions of a module each. */
function likeSquare(tones, x, y, [ax, ay], [bx, by]) {
  let sum = 0;
  for (let row = -3; row <= 3; row += 1) {
    for (let column = -3; column <= 3; column += 1) {
      const ring = Math.max(Math.abs(row), Math.abs(column));
      const tone = toneAt(tones, x + column * ax + row * bx, y + column * ay + row * by);
      sum += (ring === 2 ? tone : -tone) / PARTS[ring];
    }
  }
  return sum;
}
