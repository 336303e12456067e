/**
 * Bounds how many pixels are decoded at once. A decoded picture takes memory by its pixels, not by its file size, so a
 * few small files could take all memory. A picture that is larger than the gate is decoded alone.
 */
import { Gate } from '../gate.ts';

/** Assumed for a picture whose row has no size: the largest that any engine makes. */
export const UNKNOWN_PIXELS = 64_000_000;

const SMALL_PIXELS = 4_200_000;
const small = new Gate(4 * SMALL_PIXELS);
const large = new Gate(32_000_000);

/**
 * The gate of this process. Pictures up to 2048 × 2048, as engines make them, have a gate of their own: thumbnails stay
 * fast while somebody uploads scans.
 */
export const withinMemory = <T>(pixels: number, work: () => Promise<T>): Promise<T> =>
  (pixels <= SMALL_PIXELS ? small : large).run(pixels, work);
