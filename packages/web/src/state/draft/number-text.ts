/** Parses a typed number. Pure. */
export interface NumberRange {
  min: number;
  max: number;
  step: number;
  /** Absent: whole multiples of the step. `whole`: the numbers between them too. `decimal`: fractions too. */
  kind?: 'whole' | 'decimal';
}

/** null: not a number of the range. */
export function readNumber(text: string, range: NumberRange): number | null {
  const value = range.kind === 'decimal' ? decimalOf(plain(text)) : wholeOf(plain(text));
  const isOnGrid = range.kind !== undefined || (value ?? 0) % range.step === 0;
  return value !== null && Number.isFinite(value) && value >= range.min && value <= range.max && isOnGrid
    ? value
    : null;
}

/** Digits may be full-width, and the point and the minus those of input methods. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u2212\u2013]/g, '-')
    .replaceAll('。', '.')
    .replace(/[\s_\u00a0\u2009\u202f]/g, '');

/** A comma groups digits. */
function wholeOf(text: string): number | null {
  const digits = text.replaceAll(',', '');
  return /^-?\d+$/.test(digits) ? Number(digits) : null;
}

/** A comma could be a point, so it is refused. */
const decimalOf = (text: string): number | null =>
  /^-?(\d+\.?\d*|\.\d+)(e-?\d{1,3})?$/i.test(text) ? Number(text) : null;

/** The next number of the range in a direction. */
export function stepped(value: number, by: 1 | -1, { min, max, step }: NumberRange): number {
  const next = exact((Math.round(value / step) + by) * step);
  return Math.min(
    exact(Math.floor(max / step + ROUNDING) * step),
    Math.max(exact(Math.ceil(min / step - ROUNDING) * step), next),
  );
}

/** 0.3 / 0.1 is less than 3. */
const ROUNDING = 1e-9;

const exact = (value: number): number => Number(value.toPrecision(12));
