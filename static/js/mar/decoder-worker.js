// Reads codes off the page's thread. Only this file's own response may compile WebAssembly; the page may not.
// Where the .wasm lies comes by message: a worker's own query string gets lost behind a service worker.

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing-reader.js";
import { closeUps } from "./second-look.js";

const OPTIONS = { formats: ["QRCode", "DataMatrix"], tryHarder: true, maxNumberOfSymbols: 4, textMode: "Plain" };
// A close-up is a clean, upright picture of one code, so nothing has to be tried.
const CLOSE = { formats: ["QRCode"], tryHarder: false, tryRotate: false, tryInvert: false, tryDownscale: false, isPure: true, maxNumberOfSymbols: 1, textMode: "Plain" };
const OURS = /\/r\/[a-z2-7]{32}$/i; // the page still asks whose address it is; anything else is not worth a closer look

self.onmessage = async ({ data }) => {
  try {
    if (data.wasm) {
      await prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true });
      self.postMessage({ ready: true });
    } else {
      self.postMessage({ results: await read(data) });
    }
  } catch (problem) {
    self.postMessage({ problem: String(problem) });
  }
};

async function read({ image, closely }) {
  const found = (await readBarcodes(image, OPTIONS)).filter(({ isValid }) => isValid);
  return found.length || !closely ? found.map(brief) : closer(image);
}

/** What a closer look finds where the first saw nothing, e.g. a code bent round a wrist: at most one, and only an address like ours. */
async function closer(image) {
  for (const { image: closeUp, corners } of closeUps(image)) {
    const [result] = await readBarcodes(closeUp, CLOSE);
    if (result?.isValid && OURS.test(result.text)) return [{ text: result.text, corners }];
  }
  return [];
}

const brief = ({ text, position: { topLeft, topRight, bottomRight, bottomLeft } }) => ({ text, corners: [topLeft, topRight, bottomRight, bottomLeft] });
