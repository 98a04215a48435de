// The typed code of a label: six letters and a check letter. Pure; held to tests/shared/short_codes.json together with the Python rule.
// 23 letters (no I, L, O) is a prime number, and no two weights are equal: any one wrong letter and any two letters that changed
// places give another check letter, so most slips are caught here and do not count as a wrong try.

export const ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ";
const WEIGHTS = [1, 2, 3, 4, 5, 6];
export const LENGTH = WEIGHTS.length + 1;

export const tidy = (typed) => typed.toUpperCase().replace(/[\s.-]+/g, "");
export const grouped = (code) => (code.length > 4 ? `${code.slice(0, 4)} ${code.slice(4)}` : code);

export function checkLetter(six) {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * ALPHABET.indexOf(six[i]), 0);
  return ALPHABET[sum % ALPHABET.length];
}

/** What is wrong with it, in words, or "" when it may be sent. */
export function faultIn(typed) {
  const code = tidy(typed);
  if (!code) return "Type the 7 letters printed under the code.";
  if ([...code].some((letter) => !ALPHABET.includes(letter))) return "A code has letters only, and never I, L or O. Look at the label again.";
  if (code.length !== LENGTH) return `A code has 7 letters; this has ${code.length}. Look at the label again.`;
  if (checkLetter(code) !== code[LENGTH - 1]) return "One letter is not right, or two changed places. Look at the label again.";
  return "";
}
