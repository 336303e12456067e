/** Random numbers that follow from a text: the same on every machine. 0 ≤ n < 1. */
export type RandomStream = () => number;

/** sfc32 over four hashes of the text. */
export function randomStream(text: string): RandomStream {
  let [a, b, c, d] = [hash(text, 1), hash(text, 2), hash(text, 3), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Near seeds differ after some rounds.
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** FNV-1a. */
function hash(text: string, salt: number): number {
  let value = Math.imul(0x811c9dc5 ^ salt, 0x01000193);
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value | 0;
}
