/**
 * How long each frame is shown, in whole units of a format. Rounded at the ends of the frames, so that the errors do not
 * add up.
 * @param perSecond units of a second: 100 for GIF, 1000 for WebP
 */
export function durations(count: number, fps: number, perSecond: number): number[] {
  const endOf = (frame: number) => Math.round(((frame + 1) * perSecond) / fps);
  return Array.from({ length: count }, (_, frame) => endOf(frame) - (frame === 0 ? 0 : endOf(frame - 1)));
}
