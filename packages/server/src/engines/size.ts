import type { Size } from '@limner/contract';

/** The same aspect ratio, with its longer side as given. */
export function withLongerSide(longerPx: number, { width, height }: Size): Size {
  const scale = longerPx / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
