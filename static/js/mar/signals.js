// Three answers to a scan that can be told apart without looking, by ear and by hand. Made with WebAudio: no file to fetch, and the content
// policy allows no media. Sound and vibration are extras: silent phones and iPhones (which cannot vibrate) have the words.

const SIGNALS = {
  right: { tones: [[880, 0, 0.06], [1320, 0.07, 0.07]], shape: "sine", vibration: [60] }, // two quick steps up
  stop: { tones: [[196, 0, 0.16], [147, 0.2, 0.22]], shape: "square", vibration: [300, 80, 300] }, // low, twice, long
  unknown: { tones: [[494, 0, 0.14]], shape: "triangle", vibration: [70, 60, 70] }, // one plain note
};
let audio = null;

/** Browsers allow sound only after a touch: call it from one. */
export function allowSound() {
  if (!navigator.userActivation?.hasBeenActive && navigator.userActivation) return;
  audio ??= window.AudioContext ? new AudioContext() : null;
  if (audio && audio.state !== "running") audio.resume().catch(() => {});
}

/** Resolves when it has been heard, so that a page change does not cut it off; at once where there is no sound. */
export function give(name) {
  const { tones, shape, vibration } = SIGNALS[name];
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(vibration);
  allowSound();
  if (audio?.state !== "running") return Promise.resolve();
  for (const [pitch, start, length] of tones) play(shape, pitch, audio.currentTime + start, length);
  const [, start, length] = tones.at(-1);
  return new Promise((resolve) => setTimeout(resolve, 1000 * (start + length)));
}

function play(shape, pitch, at, length) {
  const tone = new OscillatorNode(audio, { type: shape, frequency: pitch });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(shape === "square" ? 0.25 : 0.5, at + 0.01); // no click at either end
  volume.gain.setValueAtTime(shape === "square" ? 0.25 : 0.5, at + length - 0.02);
  volume.gain.linearRampToValueAtTime(0, at + length);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + length);
}
