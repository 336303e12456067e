/** Parses a typed whole number. Pure. */
export interface Range {
  min: number;
  max: number;
  step: number;
}

/** Digits may be grouped or full-width, as input methods write them. null: not a number of the range. */
export function readWhole(text: string, { min, max, step }: Range): number | null {
  const digits = text.normalize('NFKC').replace(/[\s,_\u00a0\u2009\u202f]/g, '');
  if (!/^\d+$/.test(digits)) return null;
  const value = Number(digits);
  return value >= min && value <= max && value % step === 0 ? value : null;
}

/** The next number of the range in a direction. */
export function stepped(value: number, by: 1 | -1, { min, max, step }: Range): number {
  const next = (Math.round(value / step) + by) * step;
  return Math.min(Math.floor(max / step) * step, Math.max(Math.ceil(min / step) * step, next));
}
