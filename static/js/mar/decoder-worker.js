// Reads codes off the page's thread. Only this file's own response may compile WebAssembly; the page may not.
// Where the .wasm lies comes by message: a worker's own query string gets lost behind a service worker.

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing-reader.js";

const OPTIONS = { formats: ["QRCode", "DataMatrix"], tryHarder: true, maxNumberOfSymbols: 4, textMode: "Plain" };

self.onmessage = async ({ data }) => {
  try {
    if (data.wasm) {
      await prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true });
      self.postMessage({ ready: true });
    } else {
      self.postMessage({ results: (await readBarcodes(data.image, OPTIONS)).filter(({ isValid }) => isValid).map(brief) });
    }
  } catch (problem) {
    self.postMessage({ problem: String(problem) });
  }
};

const brief = ({ text, position: { topLeft, topRight, bottomRight, bottomLeft } }) => ({ text, corners: [topLeft, topRight, bottomRight, bottomLeft] });
