// Where the three corner squares of a QR code are: places that read 1:1:3:1:1 in dark and light, both across and down. Pure.

import { darkOf, halved, withMeans } from "./grey.js";

const PARTS = [1, 1, 3, 1, 1];
const NEAR = 9; // points each way, with which a point is compared
const FAINTEST = 6; // grey levels between dark and light, below which it is noise
const MOST = 14; // squares worth combining

/**
 * Looks at the picture as it is and at half and quarter size, since a square is found best when its ring is two to five points wide.
 * @returns {Array<{x, y, across, down, contrast, hits}>} the squares' middles and widths along the picture's axes, the clearest first.
 */
export function findersIn(picture) {
  const all = [];
  let level = picture;
  for (let by = 1; by <= 4; by *= 2) {
    const near = withMeans(level, NEAR);
    for (const one of onLevel(darkOf(near), near)) {
      if (one.hits > 1) join(all, { ...one, x: one.x * by, y: one.y * by, across: one.across * by, down: one.down * by });
    }
    level = halved(level);
  }
  return all.sort((a, b) => worth(b) - worth(a)).slice(0, MOST);
}

const worth = ({ contrast, across, down, hits }) => contrast * Math.sqrt(Math.min(across, down)) * Math.min(1, hits / 3);

function join(all, one) {
  const known = all.find((f) => Math.hypot(f.x - one.x, f.y - one.y) < f.across / 3);
  if (!known) all.push(one);
  else if (worth(one) > worth(known)) Object.assign(known, one);
}

function onLevel(dark, { grey, width, height }) {
  const found = [];
  for (let y = 2; y < height - 2; y += 1) alongRow(dark, width, y, (x) => confirm(dark, grey, width, height, x, y, found));
  return found;
}

function alongRow(dark, width, y, seen) {
  const runs = [0, 0, 0, 0, 0];
  let [colour, length] = [dark[y * width], 0];
  for (let x = 0; x <= width; x += 1) {
    const here = x < width ? dark[y * width + x] : 2;
    if (here === colour) {
      length += 1;
      continue;
    }
    runs.shift();
    runs.push(length);
    if (colour === 1 && fits(runs)) seen(x - runs[4] - runs[3] - runs[2] / 2);
    [colour, length] = [here, 1];
  }
}

/** Are the five runs in proportion? Blur and slant leave half a part of doubt. */
export function fits(runs) {
  const total = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
  if (total < 7 || !runs[0]) return false;
  const part = total / 7;
  return runs.every((run, i) => Math.abs(run - PARTS[i] * part) < (i === 2 ? 1.3 : 0.75) * part + 0.5);
}

function confirm(dark, grey, width, height, x0, y0, found) {
  const down = through(dark, width, height, Math.floor(x0), y0, 0, 1);
  if (!down) return;
  const across = through(dark, width, height, Math.floor(x0), Math.round(down.middle), 1, 0);
  if (!across) return;
  const [x, y] = [across.middle, down.middle];
  if (across.total > 2.6 * down.total || down.total > 2.6 * across.total) return;
  const contrast = contrastAt(grey, width, height, x, y, across.total / 7, down.total / 7);
  if (contrast < FAINTEST) return;
  const known = found.find((f) => Math.abs(f.x - x) < f.across / 3 && Math.abs(f.y - y) < f.across / 3);
  if (!known) found.push({ x, y, across: across.total, down: down.total, contrast, hits: 1 });
  else {
    const n = (known.hits += 1);
    known.contrast += (contrast - known.contrast) / n;
    known.x += (x - known.x) / n;
    known.y += (y - known.y) / n;
    known.across += (across.total - known.across) / n;
    known.down += (down.total - known.down) / n;
  }
}

/** How much lighter the light ring and the paper outside are than the middle and the dark ring, in grey levels. */
function contrastAt(grey, width, height, x, y, partX, partY) {
  const at = (dx, dy) => grey[Math.max(0, Math.min(height - 1, Math.floor(y + dy))) * width + Math.max(0, Math.min(width - 1, Math.floor(x + dx)))];
  let sum = 0;
  for (const [ax, ay] of [[partX, 0], [-partX, 0], [0, partY], [0, -partY]]) {
    sum += at(2 * ax, 2 * ay) + at(4 * ax, 4 * ay) - at(0.5 * ax, 0.5 * ay) - at(3 * ax, 3 * ay);
  }
  return sum / 8;
}

/** The five runs through a dark point along one axis, or null when they are not in proportion. */
function through(dark, width, height, x0, y0, dx, dy) {
  const is = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 2 : dark[y * width + x]);
  if (is(x0, y0) !== 1) return null;
  const side = (sign) => {
    const lengths = [0, 0, 0];
    let [x, y] = [x0 + sign * dx, y0 + sign * dy];
    for (let run = 0; run < 3; run += 1) {
      while (is(x, y) === (run === 1 ? 0 : 1)) {
        lengths[run] += 1;
        x += sign * dx;
        y += sign * dy;
      }
    }
    return lengths;
  };
  const [back, on] = [side(-1), side(1)];
  const runs = [back[2], back[1], back[0] + 1 + on[0], on[1], on[2]];
  if (!fits(runs)) return null;
  return { total: runs.reduce((a, b) => a + b), middle: (dx ? x0 : y0) + 0.5 + (on[0] - back[0]) / 2 };
}

/** Threes of squares that could be one code, likeliest first: {corner, right, below} as the code is printed. */
export function threesOf(found) {
  const threes = [];
  found.forEach((corner, a) => found.forEach((right, b) => found.forEach((below, c) => {
    if (a === b || a === c || b === c) return;
    const [ux, uy, vx, vy] = [right.x - corner.x, right.y - corner.y, below.x - corner.x, below.y - corner.y];
    const [u, v] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
    const sine = (ux * vy - uy * vx) / (u * v);
    const modules = [partsApart(corner, right, u, ux, uy), partsApart(corner, below, v, vx, vy)];
    if (sine < 0.45 || u > 2.4 * v || v > 2.4 * u || Math.min(...modules) < 10 || Math.max(...modules) > 60) return;
    const sizes = [corner, right, below].map((f) => Math.sqrt(f.across * f.down));
    const unlike = Math.max(...sizes) / Math.min(...sizes);
    if (unlike > 2.2) return;
    const doubt = Math.abs(Math.log(u / v)) + 1.5 * (1 - sine) + 1.5 * Math.log(unlike) + Math.abs(Math.log(modules[0] / modules[1]));
    threes.push({ corner, right, below, modules: (modules[0] + modules[1]) / 2, doubt });
  })));
  return threes.sort((a, b) => a.doubt - b.doubt);
}

/** How many modules lie between two squares, by the squares' own width along the line between them. */
function partsApart(a, b, length, dx, dy) {
  const steep = Math.max(Math.abs(dx), Math.abs(dy)) / length; // a turned square is crossed aslant
  const size = (a.across + a.down + b.across + b.down) / 4;
  return (7 * length) / (size * steep);
}
