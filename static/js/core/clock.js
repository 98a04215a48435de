// Times made on the phone are only ever words for the person holding it ("You tapped Taken at 08:06"); records carry the server's.
// The homes are in the United Kingdom, so that is the clock on their walls, wherever the phone thinks it is.

const WALL = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/London" });

export const hhmm = (at = new Date()) => WALL.format(at);
