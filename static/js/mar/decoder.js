// The page's side of the decoder worker, and the loop that hands it one frame at a time.

const WASM = new URL("../../vendor/zxing_reader.wasm", import.meta.url).href;
const LONGEST_SIDE = 1280; // more pixels cost time and read no better
const CLOSELY_EVERY = 3; // frames: a closer look costs three plain ones, and an easy code must not wait for it

export class Decoder {
  #worker = new Worker(new URL("./decoder-worker.js", import.meta.url), { type: "module" });
  #answer = null; // {resolve, reject} of the one question in the worker
  #canvas = document.createElement("canvas");
  #ended = false;
  /** Settled once the WebAssembly is compiled, which starts with this object: before the camera has asked for leave. */
  ready;

  constructor() {
    this.#worker.onmessage = ({ data }) => (data.problem ? this.#answer?.reject(new Error(data.problem)) : this.#answer?.resolve(data.results));
    this.#worker.onerror = (event) => this.#answer?.reject(new Error(event.message || "The decoder did not start"));
    this.ready = this.#ask({ wasm: WASM });
    this.ready.catch(() => {}); // whoever awaits it hears of it
  }

  #ask(message, transfer = []) {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#worker.postMessage(message, transfer);
    });
  }

  /** Calls seen(results, {width, height}) for each frame read, until `going()` is false. Rejects when the decoder cannot work. */
  async watch(video, going, seen) {
    await this.ready;
    for (let frame = 1; going() && !this.#ended; frame += 1) {
      await nextFrame(video);
      if (!going() || this.#ended) return;
      if (!video.videoWidth || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) continue;
      const { results, size } = await this.read(video, video.videoWidth, video.videoHeight, frame % CLOSELY_EVERY === 0);
      if (going() && !this.#ended) seen(results, size);
    }
  }

  /** Reads one picture, of the camera or a still one; `closely` also looks closer where nothing was found. @returns {{results, size: {width, height}}}, size being that of the corners' picture. */
  async read(source, sourceWidth, sourceHeight, closely = true) {
    const image = this.#frame(source, sourceWidth, sourceHeight);
    const { width, height } = image;
    return { results: await this.#ask({ image, closely }, [image.data.buffer]), size: { width, height } };
  }

  #frame(source, sourceWidth, sourceHeight) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(sourceWidth, sourceHeight));
    const [width, height] = [Math.round(sourceWidth * scale), Math.round(sourceHeight * scale)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  end() {
    this.#ended = true;
    this.#worker.terminate();
    this.#canvas.width = this.#canvas.height = 0; // no last picture stays in memory
  }
}

/** The next frame the camera delivers. Some phones stop calling back after the screen was locked, so it never waits longer than half a second. */
function nextFrame(video) {
  return new Promise((resolve) => {
    setTimeout(resolve, video.requestVideoFrameCallback ? 500 : 80);
    video.requestVideoFrameCallback?.(resolve);
  });
}
