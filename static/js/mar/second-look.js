// What the library could not read, looked at closely: bent round a wrist, out of focus, worn, dim. It only finds the modules; the library still
// corrects errors and reads the text, so that nothing is ever guessed. Pure.

import { greyOf, withMeans } from "./grey.js";
import { findersIn, threesOf } from "./finders.js";
import { threesFromTwo } from "./third-corner.js";
import { gridOn, likely, modulesOf, patternAt, place, tonesOf } from "./grid.js";

const SIZES = [25, 29, 33, 37, 41]; // modules a side; larger ones have more patterns than this knows
const MOST_GRIDS = 4; // grids fitted to one picture
const MOST_GUESSED = 3; // further ones on two squares and a guess at the third
const MOST_READ = 3; // of them, those read
const ENOUGH = 0.22; // agreement, below which a grid is chance
const DOT = 3; // pixels a module in the clean picture handed back
const QUIET = 4;

/** @returns {Generator<{image: ImageData-like, corners}>} clean pictures of what may be a code, likeliest first. */
export function* closeUps(image) {
  const plain = greyOf(image);
  const found = findersIn(plain);
  if (found.length < 2) return;
  const tones = tonesOf(withMeans(plain, Math.max(8, Math.round(Math.min(plain.width, plain.height) / 20))));
  const likelies = [...likeliest(tones, threesOf(found)), ...likeliest(tones, threesFromTwo(tones, found)).slice(0, MOST_GUESSED)];
  const fitted = likelies.map(({ three, modules }) => ({ modules, ...gridOn(tones, three, modules) }));
  const grids = fitted.filter(({ worth }) => worth > ENOUGH).sort((a, b) => b.worth - a.worth).slice(0, MOST_READ);
  for (const grid of grids) yield* cleaned(plain, grid, grid.modules);
}

function* cleaned(plain, grid, modules) {
  const corners = cornersOf(grid, modules);
  for (const dark of guesses(modulesOf(plain, grid, modules), modules)) yield { image: clean(dark, modules), corners };
}

function likeliest(tones, threes) {
  const all = threes.slice(0, 120).flatMap((three) => sizesNear(three.modules + 7).map((modules) => ({ three, modules, like: likely(tones, three, modules) })));
  return all.filter(({ like }) => like > 0.1).sort((a, b) => b.like - a.like).slice(0, MOST_GRIDS);
}

function sizesNear(modules) {
  return SIZES.slice().sort((a, b) => Math.abs(a - modules) - Math.abs(b - modules)).slice(0, 3);
}

function cornersOf({ p }, modules) {
  return [[0, 0], [modules, 0], [modules, modules], [0, modules]].map(([column, row]) => {
    const [x, y] = place(p, modules, column, row);
    return { x, y };
  });
}

/** Dark or light for each module, by several measures of blur and of what lies round it. */
function* guesses(greys, modules) {
  for (const [spread, reach] of [[0, 4], [0.5, 4], [0.65, 4], [0, 8], [0.5, 8], [0, 2]]) {
    const sharp = spread ? unblurred(greys, modules, spread) : greys;
    const round = blurredBox(sharp, modules, reach);
    yield sharp.map((grey, i) => (grey < round[i] ? 1 : 0));
  }
}

/** Undoes a blur of a known spread (in modules) by adding back, a few times, what blurring takes away. */
function unblurred(greys, modules, spread) {
  const side = Math.exp(-1 / (2 * (spread * spread + 1 / 12)));
  let guess = greys.slice();
  for (let turn = 0; turn < 6; turn += 1) {
    const blurred = smeared(guess, modules, side / (1 + 2 * side));
    guess = guess.map((grey, i) => Math.max(-60, Math.min(315, grey + greys[i] - blurred[i])));
  }
  return guess;
}

function smeared(greys, modules, side) {
  const at = (from, column, row) => from[Math.max(0, Math.min(modules - 1, row)) * modules + Math.max(0, Math.min(modules - 1, column))];
  const across = greys.map((_, i) => {
    const [column, row] = [i % modules, (i / modules) | 0];
    return (1 - 2 * side) * greys[i] + side * (at(greys, column - 1, row) + at(greys, column + 1, row));
  });
  return across.map((grey, i) => {
    const [column, row] = [i % modules, (i / modules) | 0];
    return (1 - 2 * side) * grey + side * (at(across, column, row - 1) + at(across, column, row + 1));
  });
}

/** The mean of the modules within `reach` each way. */
function blurredBox(greys, modules, reach) {
  return greys.map((_, i) => {
    const [column, row] = [i % modules, (i / modules) | 0];
    let [sum, count] = [0, 0];
    for (let y = Math.max(0, row - reach); y <= Math.min(modules - 1, row + reach); y += 1) {
      for (let x = Math.max(0, column - reach); x <= Math.min(modules - 1, column + reach); x += 1) {
        sum += greys[y * modules + x];
        count += 1;
      }
    }
    return sum / count;
  });
}

/** A clean black and white picture of the code, its fixed patterns as they must be. */
function clean(dark, modules) {
  const side = DOT * (modules + 2 * QUIET);
  const data = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let row = 0; row < modules; row += 1) {
    for (let column = 0; column < modules; column += 1) {
      if (!(patternAt(modules, column, row) ?? dark[row * modules + column])) continue;
      for (let y = 0; y < DOT; y += 1) {
        for (let x = 0; x < DOT; x += 1) {
          const i = 4 * (((row + QUIET) * DOT + y) * side + (column + QUIET) * DOT + x);
          data[i] = data[i + 1] = data[i + 2] = 0;
        }
      }
    }
  }
  return { data, width: side, height: side, colorSpace: "srgb" };
}
