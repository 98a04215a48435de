// Which modules are dark in a code seen out of focus: the blur is learnt from the modules that are the same in every code, then the dark and light
// are sought that, blurred so, look like what was seen. Pure.

import { patternAt } from "./grid.js";

const REACH = 5; // modules each way, over which light and shade count as even
const ROUNDS = 12;
const SHARES = [[0, 0], [1, 0], [0, 1], [1, 1], [1, -1]]; // a module's own share in what is seen of it, and its neighbours', pair by pair

/** 1 dark, 0 light, for each module, from its grey and a first guess. */
export function unblurredDark(greys, modules, guess) {
  const seen = evened(greys, modules);
  const fixed = Array.from(greys, (_, i) => patternAt(modules, i % modules, (i / modules) | 0));
  const tone = Float32Array.from(guess, (dark, i) => ((fixed[i] ?? dark) ? -1 : 1));
  const shares = sharesOf(seen, tone, modules, fixed);
  return shares ? sought(seen, tone, modules, fixed, shares).map((t) => (t < 0 ? 1 : 0)) : null;
}

/** Greys beside the mean round them, in parts of how far they stray from it there. */
function evened(greys, modules) {
  return Float32Array.from(greys, (grey, i) => {
    const [column, row] = [i % modules, (i / modules) | 0];
    let [sum, squares, count] = [0, 0, 0];
    for (let y = Math.max(0, row - REACH); y <= Math.min(modules - 1, row + REACH); y += 1) {
      for (let x = Math.max(0, column - REACH); x <= Math.min(modules - 1, column + REACH); x += 1) {
        const g = greys[y * modules + x];
        sum += g;
        squares += g * g;
        count += 1;
      }
    }
    const mean = sum / count;
    return (grey - mean) / Math.max(2, Math.sqrt(Math.max(0, squares / count - mean * mean)));
  });
}

const toneAt = (tone, modules, column, row) => (column < 0 || row < 0 || column >= modules || row >= modules ? 1 : tone[row * modules + column]); // round a code is paper

function pairSum(tone, modules, column, row, [dx, dy]) {
  if (!dx && !dy) return tone[row * modules + column];
  return toneAt(tone, modules, column + dx, row + dy) + toneAt(tone, modules, column - dx, row - dy);
}

/** Least squares over the modules that are known: the shares and, last, what is added evenly. */
function sharesOf(seen, tone, modules, fixed) {
  const size = SHARES.length + 1;
  const sums = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (let i = 0; i < seen.length; i += 1) {
    if (fixed[i] === undefined) continue;
    const parts = [...SHARES.map((by) => pairSum(tone, modules, i % modules, (i / modules) | 0, by)), 1, seen[i]];
    for (let a = 0; a < size; a += 1) for (let b = 0; b <= size; b += 1) sums[a][b] += parts[a] * parts[b];
  }
  const shares = solved(sums, size);
  return shares[0] > 0 ? shares : null;
}

/** Gauss and Jordan; the diagonal is made a little larger so that there is always an answer. */
function solved(rows, size) {
  for (let i = 0; i < size; i += 1) rows[i][i] += 1;
  for (let i = 0; i < size; i += 1) {
    for (let r = 0; r < size; r += 1) {
      if (r === i) continue;
      const by = rows[r][i] / rows[i][i];
      for (let c = i; c <= size; c += 1) rows[r][c] -= by * rows[i][c];
    }
  }
  return rows.map((row, i) => row[size] / row[i]);
}

/** Turns one module after another as long as the blurred whole comes nearer to what was seen. */
function sought(seen, tone, modules, fixed, shares) {
  const even = shares[SHARES.length];
  const left = seen.map((s, i) => s - even - SHARES.reduce((sum, by, k) => sum + shares[k] * pairSum(tone, modules, i % modules, (i / modules) | 0, by), 0));
  const around = SHARES.flatMap(([dx, dy], k) => (dx || dy ? [[dx, dy, shares[k]], [-dx, -dy, shares[k]]] : [[0, 0, shares[k]]]));
  for (let round = 0, moved = 1; moved && round < ROUNDS; round += 1) {
    moved = 0;
    for (let i = 0; i < tone.length; i += 1) {
      if (fixed[i] !== undefined) continue;
      const near = around.filter(([dx, dy]) => inside(modules, (i % modules) + dx, ((i / modules) | 0) + dy)).map(([dx, dy, share]) => [i + dy * modules + dx, 2 * tone[i] * share]);
      const gain = near.reduce((sum, [at, by]) => sum + left[at] ** 2 - (left[at] + by) ** 2, 0);
      if (gain <= 1e-6) continue;
      for (const [at, by] of near) left[at] += by;
      tone[i] = -tone[i];
      moved += 1;
    }
  }
  return tone;
}

const inside = (modules, column, row) => column >= 0 && row >= 0 && column < modules && row < modules;
