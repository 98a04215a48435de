// What the scanner says. Every sentence is about the code, the camera or the network; none says that anything was saved.

export const SAY = {
  starting: "Starting the camera…",
  looking: "Hold the code inside the frame.",
  checking: "Checking the code…",
  right: "Found. Opening…",
  stop: "Stop. This is somebody else’s code.",
  foreign: "That is not one of our codes. Nothing is recorded.",
  several: "More than one code in view. Bring the one you want to the middle.",
  unknown: "This code is not known here. Nothing is recorded.",
  noConnection: "Could not check this code: no connection. Nothing is recorded.",
  badAnswer: "Could not check this code: the service had a fault. Nothing is recorded.",
  noDecoder: "The code reader could not start on this phone. Type the letters under the code, or find the person in the list.",
  typing: "Type the 7 letters printed under the code.",
};

export const CAMERA = {
  refused: "This phone does not let the page use the camera. Allow the camera for this site in the browser’s settings and try again, or type the letters under the code.",
  none: "No camera was found. Type the letters under the code, or find the person in the list.",
  busy: "The camera is in use or does not answer. Close the other app that uses it and try again, or type the letters under the code.",
  lost: "The camera stopped. Try again, or type the letters under the code.",
  insecure: "The camera works only over a secure (https) address. Type the letters under the code, or find the person in the list.",
};
