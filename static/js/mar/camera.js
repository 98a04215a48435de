// The camera: started, stopped, lit. A problem comes out as a kind that has words, never as the browser's own.

const WANTED = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } };
const KINDS = {
  NotAllowedError: "refused", SecurityError: "refused",
  NotFoundError: "none", OverconstrainedError: "none",
  NotReadableError: "busy", AbortError: "busy",
};

export class CameraProblem extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

export class Camera {
  #video;
  #stream = null;
  #turn = 0; // counts starts and stops, so that a camera that opens after it was closed is shut again

  constructor(video) {
    this.#video = video;
  }

  /** Resolves to true once pictures flow, to false if it was stopped meanwhile. `lost` is called when the phone takes the camera away. */
  async start(lost) {
    this.stop();
    const turn = this.#turn;
    const stream = await open();
    if (turn !== this.#turn) {
      shut(stream);
      return false;
    }
    this.#stream = stream;
    this.#track.addEventListener("ended", lost);
    this.#video.srcObject = stream;
    await this.#video.play().catch(() => {}); // interrupted by a stop: the turn tells
    return turn === this.#turn;
  }

  stop() {
    this.#turn += 1;
    if (this.#stream) shut(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }

  get running() {
    return Boolean(this.#stream);
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  /** Resolves to whether the torch is now on. */
  async light(on) {
    try {
      await this.#track.applyConstraints({ advanced: [{ torch: on }] });
      return on;
    } catch {
      return false;
    }
  }
}

async function open() {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraProblem("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (problem) {
    throw new CameraProblem(KINDS[problem.name] ?? "busy");
  }
}

function shut(stream) {
  for (const track of stream.getTracks()) track.stop();
}
