/** Whole numbers that arrive as text, in addresses and forms: only canonical decimal digits, so that an id has one address. */
import { z } from 'zod';

/** null for `0x16`, `1e1`, `016`, ` 16` and everything else that is not written as `String` writes a number. */
export const wholeNumberIn = (text: string): number | null =>
  /^(0|-?[1-9]\d{0,15})$/.test(text) ? Number(text) : null;

/** Other text stays text, which the schema of a number refuses. */
export const fromDigits = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (typeof value === 'string' ? (wholeNumberIn(value) ?? value) : value), schema);
