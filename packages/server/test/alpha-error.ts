/** How far a cut-out is from the truth. Both as RGBA of one size. */
export interface AlphaError {
  /** Mean difference of alpha, in levels of 0…255. */
  alpha: number;
  /** Mean difference of what is seen on black and on white, the worse of both. */
  seen: number;
}

export function alphaError(truth: Uint8Array, own: Uint8Array): AlphaError {
  const pixels = truth.length / 4;
  let [alpha, seen] = [0, 0];
  for (let at = 0; at < truth.length; at += 4) {
    const [a, b] = [truth[at + 3] as number, own[at + 3] as number];
    alpha += Math.abs(a - b);
    for (let c = 0; c < 3; c++) {
      const [t, o] = [truth[at + c] as number, own[at + c] as number];
      seen += Math.max(Math.abs(t * a - o * b), Math.abs((255 - t) * a - (255 - o) * b)) / 255 / 3;
    }
  }
  return { alpha: alpha / pixels, seen: seen / pixels };
}
