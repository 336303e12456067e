/** Reduces the number of colours, so that a small picture looks drawn. */

const PALETTE = 14;

/** k-means from evenly spread starting colours: the same picture always gives the same palette. */
export function reducePalette(pixels: Buffer): void {
  const seen: number[] = [];
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] === 255) seen.push(at);
  if (seen.length === 0) return;
  const byLight = [...seen].sort((a, b) => light(pixels, a) - light(pixels, b) || a - b);
  let centres = Array.from({ length: PALETTE }, (_, index) =>
    colourAt(pixels, byLight[Math.floor(((index + 0.5) / PALETTE) * byLight.length)] as number),
  );
  for (let round = 0; round < 8; round++) {
    const sums = centres.map(() => [0, 0, 0, 0]);
    for (const at of seen) {
      const sum = sums[nearest(centres, colourAt(pixels, at))] as number[];
      for (let channel = 0; channel < 3; channel++)
        (sum[channel] as number) += pixels[at + channel] as number;
      (sum[3] as number)++;
    }
    centres = sums.map((sum, index) =>
      (sum[3] as number) === 0
        ? (centres[index] as number[])
        : sum.slice(0, 3).map((value) => value / (sum[3] as number)),
    );
  }
  for (const at of seen) {
    const centre = centres[nearest(centres, colourAt(pixels, at))] as number[];
    for (let channel = 0; channel < 3; channel++)
      pixels[at + channel] = Math.round(centre[channel] as number);
  }
}

const light = (pixels: Buffer, at: number): number =>
  (pixels[at] as number) * 3 + (pixels[at + 1] as number) * 6 + (pixels[at + 2] as number);
const colourAt = (pixels: Buffer, at: number): number[] => [
  pixels[at] as number,
  pixels[at + 1] as number,
  pixels[at + 2] as number,
];

function nearest(centres: number[][], colour: number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, centre] of centres.entries()) {
    const distance = centre.reduce(
      (sum, value, channel) => sum + (value - (colour[channel] as number)) ** 2,
      0,
    );
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}
