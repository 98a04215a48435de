// Lays a code's grid over a picture: flat in perspective, then bent, by the patterns every code has in the same places. Pure.

// x = (p0 u + p1 v + p2 + p3 u² + p4 v² + p5 u³ + p6 v³ + p7 u²v + p8 uv²) / (1 + p18 u + p19 v), y the same with p9 to p17; u and v run from -1 to 1.
const Y = 9; // where the figures of y begin
const SLANT = [0, 1, 2, 9, 10, 11, 18, 19];
const BENT = [3, 12, 4, 13, ...SLANT];
const ALL = [...BENT, 5, 6, 7, 8, 14, 15, 16, 17];
const SOFT = 12; // grey levels: differences far above this all count alike, so that glare and shade do not outvote the rest
const SPOTS = [[0, 0], [-0.28, -0.28], [0.28, -0.28], [0.28, 0.28], [-0.28, 0.28]];

/** Where a point of the code, counted in modules, lies in the picture. */
export function place(p, modules, column, row) {
  const [u, v] = [(2 * column) / modules - 1, (2 * row) / modules - 1];
  const by = 1 / (1 + p[18] * u + p[19] * v);
  const [uu, vv] = [u * u, v * v];
  const along = (o) => p[o] * u + p[o + 1] * v + p[o + 2] + p[o + 3] * uu + p[o + 4] * vv + p[o + 5] * uu * u + p[o + 6] * vv * v + p[o + 7] * uu * v + p[o + 8] * u * vv;
  return [by * along(0), by * along(Y)];
}

/** The grey of a picture between its points; NaN outside. */
function greyAt({ grey, width, height }, x, y) {
  const [left, top] = [x - 0.5, y - 0.5];
  if (!(left >= 0 && top >= 0 && left < width - 1 && top < height - 1)) return NaN;
  const [x0, y0] = [left | 0, top | 0];
  const [a, b, i] = [left - x0, top - y0, y0 * width + x0];
  return (grey[i] * (1 - a) + grey[i + 1] * a) * (1 - b) + (grey[i + width] * (1 - a) + grey[i + width + 1] * a) * b;
}

/** From -1 (dark) to 1 (light), each point beside what lies round it. */
export function tonesOf({ grey, width, height, mean }) {
  const tones = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const apart = grey[y * width + x] - mean(x, y);
      tones[y * width + x] = apart / (Math.abs(apart) + SOFT);
    }
  }
  return { grey: tones, width, height };
}

/** The tone between points; 0, undecided, outside. */
export function toneAt({ grey, width, height }, x, y) {
  const [left, top] = [x - 0.5, y - 0.5];
  if (!(left >= 0 && top >= 0 && left < width - 1 && top < height - 1)) return 0;
  const x0 = left | 0;
  const y0 = top | 0;
  const a = left - x0;
  const b = top - y0;
  const i = y0 * width + x0;
  return (grey[i] * (1 - a) + grey[i + 1] * a) * (1 - b) + (grey[i + width] * (1 - a) + grey[i + width + 1] * a) * b;
}

/** The tone where a point of the code lies: `place` and `toneAt` in one, since a fit asks a hundred thousand times. */
function toneOn(picture, p, modules, column, row) {
  const u = (2 * column) / modules - 1;
  const v = (2 * row) / modules - 1;
  const by = 1 / (1 + p[18] * u + p[19] * v);
  const uu = u * u;
  const vv = v * v;
  const x = p[0] * u + p[1] * v + p[2] + p[3] * uu + p[4] * vv + p[5] * uu * u + p[6] * vv * v + p[7] * uu * v + p[8] * u * vv;
  const y = p[9] * u + p[10] * v + p[11] + p[12] * uu + p[13] * vv + p[14] * uu * u + p[15] * vv * v + p[16] * uu * v + p[17] * u * vv;
  return toneAt(picture, by * x, by * y);
}

// ---------------------------------------------------------------- the patterns

/** 1 dark, 0 light, for a module of a pattern that is the same in every code of this size; undefined where data may be. */
export function patternAt(modules, column, row) {
  for (const [left, top] of [[0, 0], [modules - 7, 0], [0, modules - 7]]) {
    const [x, y] = [column - left, row - top];
    if (x < -1 || x > 7 || y < -1 || y > 7) continue;
    const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
    return ring === 2 || ring === 4 ? 0 : 1;
  }
  if (modules > 21) {
    const ring = Math.max(Math.abs(column - modules + 7), Math.abs(row - modules + 7));
    if (ring <= 2) return ring === 1 ? 0 : 1;
  }
  if (row === 6) return column % 2 ? 0 : 1;
  if (column === 6) return row % 2 ? 0 : 1;
  return undefined;
}

function patternsOf(modules) {
  const parts = { corners: [], lines: [], fourth: [] };
  for (let row = 0; row < modules; row += 1) {
    for (let column = 0; column < modules; column += 1) {
      const dark = patternAt(modules, column, row);
      if (dark === undefined) continue;
      const line = row === 6 || column === 6;
      const near = (n) => n < 8 || n >= modules - 8;
      const part = near(row) && near(column) && !(row >= modules - 9 && column >= modules - 9) ? "corners" : line ? "lines" : "fourth";
      parts[part].push({ column: column + 0.5, row: row + 0.5, sign: dark ? -1 : 1, weight: part === "lines" ? 3 : part === "fourth" ? 2 : 1 });
    }
  }
  return parts;
}

const known = new Map();
const patterns = (modules) => known.get(modules) ?? known.set(modules, patternsOf(modules)).get(modules);

// ---------------------------------------------------------------- the fit

/** How well a grid agrees with what must be there, from -1 to 1. */
function agreement(picture, modules, p, cells, spots = SPOTS.length) {
  let [sum, most] = [0, 0];
  for (const { column, row, sign, weight } of cells) {
    let tone = 0;
    for (let i = 0; i < spots; i += 1) tone += toneOn(picture, p, modules, column + SPOTS[i][0], row + SPOTS[i][1]);
    sum += (weight * sign * tone) / spots;
    most += weight;
  }
  return sum / most;
}

/** How decided the modules are at their middles, from 0 to 1: a grid that lies askew meets their edges. */
function decided(picture, modules, p) {
  let sum = 0;
  for (let row = 0; row < modules; row += 1) {
    for (let column = 0; column < modules; column += 1) sum += Math.abs(toneOn(picture, p, modules, column + 0.5, row + 0.5));
  }
  return sum / (modules * modules);
}

/** Moves one figure at a time as long as the worth grows, in steps that shrink. `step` is in modules. */
function climb(start, free, modules, step, rounds, worthOf) {
  let p = start;
  let worth = worthOf(p);
  const scale = Math.hypot(p[0], p[1], p[Y], p[Y + 1]) / modules; // pixels a module, about
  for (let round = 0; round < rounds; round += 1) {
    let moved = false;
    for (const i of free) {
      const by = i >= 18 ? (2 * step) / modules : step * scale * 1.4;
      for (const sign of [1, -1]) {
        const next = p.slice();
        next[i] += sign * by;
        const better = worthOf(next);
        if (better > worth) {
          [p, worth, moved] = [next, better, true];
          break;
        }
      }
    }
    if (!moved) step /= 2;
    if (step < 0.04) break;
  }
  return { p, worth };
}

function flat({ corner, right, below }, modules) {
  const reach = 2 * ((modules - 7) / modules);
  const p = new Float64Array(20);
  [p[0], p[Y]] = [(right.x - corner.x) / reach, (right.y - corner.y) / reach];
  [p[1], p[Y + 1]] = [(below.x - corner.x) / reach, (below.y - corner.y) / reach];
  [p[2], p[Y + 2]] = [(right.x + below.x) / 2, (right.y + below.y) / 2];
  return p;
}

/** The same in the perspective that the three squares' sizes tell: what is nearer is larger. */
function slanted(three, modules) {
  const p = flat(three, modules);
  const [corner, right, below] = [three.corner, three.right, three.below].map(({ across, down }) => (across * down) ** (-1 / 3));
  const reach = (modules - 7) / modules;
  const middle = right + below;
  const next = p.slice();
  next[18] = Math.max(-0.4, Math.min(0.4, (right - corner) / (reach * middle)));
  next[19] = Math.max(-0.4, Math.min(0.4, (below - corner) / (reach * middle)));
  return settle(next, p, modules);
}

/** Where the fourth, small square is: the best match within a few modules of where the grid expects it. */
function fourthCorner(picture, modules, p) {
  const middle = modules - 6.5;
  let best = { worth: -1 };
  for (let dy = -5; dy <= 5; dy += 0.5) {
    for (let dx = -5; dx <= 5; dx += 0.5) {
      let worth = 0;
      for (let row = -2; row <= 2; row += 1) {
        for (let column = -2; column <= 2; column += 1) {
          const sign = Math.max(Math.abs(row), Math.abs(column)) === 1 ? 1 : -1;
          worth += sign * toneOn(picture, p, modules, middle + column + dx, middle + row + dy);
        }
      }
      worth = worth / 25 - 0.01 * Math.hypot(dx, dy);
      if (worth > best.worth) best = { worth, at: place(p, modules, middle + dx, middle + dy) };
    }
  }
  return best;
}

/** The grid with the same three corners whose slant puts the fourth square where it was found. */
function through(p, modules, [x, y]) {
  const near = (slant) => {
    const next = p.slice();
    next[18] = slant[0];
    next[19] = slant[1];
    return settle(next, p, modules);
  };
  let slant = [p[18], p[19]];
  for (let turn = 0; turn < 12; turn += 1) {
    const at = (s) => place(near(s), modules, modules - 6.5, modules - 6.5);
    const [here, a, b] = [at(slant), at([slant[0] + 1e-3, slant[1]]), at([slant[0], slant[1] + 1e-3])];
    const [ax, ay, bx, by] = [(a[0] - here[0]) / 1e-3, (a[1] - here[1]) / 1e-3, (b[0] - here[0]) / 1e-3, (b[1] - here[1]) / 1e-3];
    const cross = ax * by - ay * bx;
    if (Math.abs(cross) < 1e-9) break;
    const [ex, ey] = [x - here[0], y - here[1]];
    slant = [slant[0] + (ex * by - ey * bx) / cross, slant[1] + (ax * ey - ay * ex) / cross];
    if (Math.abs(slant[0]) > 0.6 || Math.abs(slant[1]) > 0.6) return null;
  }
  return near(slant);
}

/** Puts the three corners back where they were, for the slant that `next` has. */
function settle(next, before, modules) {
  const corners = [[3.5, 3.5], [modules - 3.5, 3.5], [3.5, modules - 3.5]];
  const rows = corners.map(([c, r]) => [(2 * c) / modules - 1, (2 * r) / modules - 1]);
  const targets = corners.map(([c, r]) => place(before, modules, c, r));
  for (const axis of [0, 1]) {
    const wanted = rows.map(([u, v], i) => targets[i][axis] * (1 + next[18] * u + next[19] * v));
    const [[u0, v0], [u1], [, v2]] = rows;
    const [du, dv] = [(wanted[1] - wanted[0]) / (u1 - u0), (wanted[2] - wanted[0]) / (v2 - v0)];
    const o = Y * axis;
    [next[o], next[o + 1], next[o + 2]] = [du, dv, wanted[0] - du * u0 - dv * v0];
    next.fill(0, o + 3, o + Y);
  }
  return next;
}

/** How likely three squares are a code of so many modules, before anything is fitted: from -1 to 1. */
export function likely(picture, three, modules) {
  const { corners } = patterns(modules);
  return Math.max(...[flat, slanted].map((start) => agreement(picture, modules, start(three, modules), corners, 1)));
}

/** The grid of a code of so many modules on these three squares: {p, worth}, worth from -1 to 1. */
export function gridOn(picture, three, modules) {
  const { corners, lines, fourth } = patterns(modules);
  const most = [...corners, ...lines];
  const all = [...most, ...fourth];
  const onCorners = (p) => agreement(picture, modules, p, corners);
  const [first] = [flat, slanted].map((start) => climb(start(three, modules), SLANT, modules, 0.5, 20, onCorners)).sort((a, b) => b.worth - a.worth);
  if (first.worth < 0.35) return first;
  const starts = [first.p];
  const small = fourthCorner(picture, modules, first.p);
  if (small.worth > 0.3) starts.push(through(first.p, modules, small.at));
  const fits = starts.filter(Boolean).map((start) => {
    const even = climb(start, SLANT, modules, 0.3, 10, (p) => agreement(picture, modules, p, all));
    return climb(even.p, BENT, modules, 0.6, 40, (p) => agreement(picture, modules, p, all));
  });
  const best = fits.sort((a, b) => b.worth - a.worth)[0];
  if (best.worth < 0.3) return best;
  const fine = climb(best.p, ALL, modules, 0.3, 30, (p) => agreement(picture, modules, p, all) + decided(picture, modules, p));
  return { p: fine.p, worth: agreement(picture, modules, fine.p, all) };
}

/** The grey of each module, the mean of five spots in it, row by row. */
export function modulesOf(picture, { p }, modules) {
  const greys = new Float32Array(modules * modules);
  for (let row = 0; row < modules; row += 1) {
    for (let column = 0; column < modules; column += 1) {
      let sum = 0;
      for (const [dx, dy] of SPOTS) {
        const grey = greyAt(picture, ...place(p, modules, column + 0.5 + 0.8 * dx, row + 0.5 + 0.8 * dy));
        sum += Number.isNaN(grey) ? 255 : grey;
      }
      greys[row * modules + column] = sum / SPOTS.length;
    }
  }
  return greys;
}
