// Which decoded text is one of our labels. Pure; held to tests/shared/scan_address.json together with the Python rule.

const ADDRESS = /^(?:(https?):\/\/([^\/?#@\\\s]+))?\/r\/([a-z2-7]{32})$/i;
const USUAL_PORT = { http: ":80", https: ":443" };

/** The token, as printed, of a text that is a path or an address on one of `origins`; otherwise null. */
export function tokenIn(text, origins) {
  const [, scheme, host, token] = ADDRESS.exec(text.trim()) ?? [];
  if (!token) return null;
  if (!scheme) return token;
  const at = origin(scheme, host);
  return origins.some((ours) => ours && plain(ours) === at) ? token : null;
}

function plain(address) {
  const [, scheme, host] = /^(https?):\/\/([^\/?#]+)/i.exec(address) ?? [];
  return scheme ? origin(scheme, host) : null;
}

function origin(scheme, host) {
  const [name, where] = [scheme.toLowerCase(), host.toLowerCase()];
  return `${name}://${where.endsWith(USUAL_PORT[name]) ? where.slice(0, -USUAL_PORT[name].length) : where}`;
}

/**
 * One picture may hold several codes: a code sheet, two wristbands, a medicine box beside a wrist. A person is never chosen by chance:
 * one of ours wins over foreign codes, and between two of ours only the one that covers the middle of the picture.
 * @returns {{kind: "ours", token}|{kind: "several"}|{kind: "foreign", text}|null}
 */
export function choose(results, { width, height }, origins) {
  const ours = results.map(({ text, corners }) => ({ corners, token: tokenIn(text, origins) })).filter(({ token }) => token);
  const tokens = new Set(ours.map(({ token }) => token.toLowerCase()));
  if (tokens.size === 1) return { kind: "ours", token: ours[0].token };
  if (tokens.size > 1) {
    const middle = ours.filter(({ corners }) => covers(corners, { x: width / 2, y: height / 2 }));
    return middle.length === 1 ? { kind: "ours", token: middle[0].token } : { kind: "several" };
  }
  return results.length ? { kind: "foreign", text: results[0].text } : null;
}

/** Is the point inside the four corners (in order round the code)? */
function covers(corners, point) {
  const sides = corners.map((a, i) => {
    const b = corners[(i + 1) % corners.length];
    return Math.sign((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x));
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}
