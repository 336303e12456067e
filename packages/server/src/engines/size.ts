/** In pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The same aspect ratio, with its longer side as given. */
export function scaledTo(longerPx: number, { width, height }: Size): Size {
  const scale = longerPx / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
