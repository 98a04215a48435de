// A picture in grey with the mean round each point, for looking closely without a library. Pure.

/** @returns {{grey: Float32Array, width, height}} of an ImageData. */
export function greyOf({ data, width, height }) {
  const grey = new Float32Array(width * height);
  for (let i = 0, p = 0; i < grey.length; i += 1, p += 4) grey[i] = 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2];
  return { grey, width, height };
}

/** The same at half the size, four points made one: coarser, calmer, and a blurred edge becomes a sharp one. */
export function halved({ grey, width, height }) {
  const [w, h] = [width >> 1, height >> 1];
  const half = new Float32Array(w * h);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const i = 2 * y * width + 2 * x;
      half[y * w + x] = (grey[i] + grey[i + 1] + grey[i + width] + grey[i + width + 1]) / 4;
    }
  }
  return { grey: half, width: w, height: h };
}

/** A picture with `mean(x, y)`, the mean of what lies within `reach` each way. */
export function withMeans({ grey, width, height }, reach) {
  const sums = summed(grey, width, height);
  const mean = (x, y) => {
    const [left, top] = [Math.max(0, x - reach), Math.max(0, y - reach)];
    const [right, bottom] = [Math.min(width, x + reach + 1), Math.min(height, y + reach + 1)];
    const row = width + 1;
    const sum = sums[bottom * row + right] - sums[top * row + right] - sums[bottom * row + left] + sums[top * row + left];
    return sum / ((right - left) * (bottom - top));
  };
  return { grey, width, height, mean };
}

function summed(grey, width, height) {
  const row = width + 1;
  const sums = new Float64Array(row * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let line = 0;
    for (let x = 0; x < width; x += 1) {
      line += grey[y * width + x];
      sums[(y + 1) * row + x + 1] = sums[y * row + x + 1] + line;
    }
  }
  return sums;
}

/** One byte a point: 1 where it is darker than what lies round it. */
export function darkOf({ grey, width, height, mean }) {
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) dark[y * width + x] = grey[y * width + x] < mean(x, y) - 1 ? 1 : 0;
  }
  return dark;
}
