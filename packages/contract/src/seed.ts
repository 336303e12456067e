/**
 * Seeds of pictures: whole numbers from 0 to 2⁶⁴−1. JSON numbers are exact up to 2⁵³−1; what is greater is written as
 * text of decimal digits. A seed has one form only: text that fits a number is read as that number, so equal seeds are
 * `===`.
 */
import { z } from 'zod';

/** The largest seed. A JSON number cannot represent it exactly. */
export const MAX_SEED = 2n ** 64n - 1n;
/** The greatest seed that is drawn at random, and the largest of a family that states no other. */
export const MAX_DRAWN_SEED = 2 ** 32 - 1;

const ROUNDED = {
  en: `must be at most ${Number.MAX_SAFE_INTEGER} as a number; larger seeds, up to ${MAX_SEED}, are sent as text`,
  zh: `以数字发送时最多为 ${Number.MAX_SAFE_INTEGER}；更大的种子（最多 ${MAX_SEED}）须以文本发送`,
};
const SmallSeed = z
  .number()
  .refine((seed) => seed <= Number.MAX_SAFE_INTEGER, { abort: true, params: { reason: ROUNDED } })
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .int();
const SeedDigits = z.stringFormat('seed', (text) => /^\d{1,20}$/.test(text) && BigInt(text) <= MAX_SEED);

export const Seed = z
  .union([SmallSeed, SeedDigits])
  .transform((seed) => toSeed(BigInt(seed)))
  .pipe(z.union([SmallSeed, SeedDigits]));
export type Seed = z.infer<typeof Seed>;

const toSeed = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);

/** Of decimal digits; null for a number beyond every range. For code without schemas. */
export const seedOf = (digits: string): Seed | null =>
  /^\d{1,40}$/.test(digits) && BigInt(digits) <= MAX_SEED ? toSeed(BigInt(digits)) : null;

/** As a database keeps it, as text or as a number; 0 for a damaged one, so that its task can be shown. */
export const storedSeed = (stored: number | string): Seed => seedOf(String(stored)) ?? 0;

/** The seed plus `n`, wrapped at `max`. */
export const seedPlus = (seed: Seed, n: number, max: Seed): Seed =>
  toSeed((BigInt(seed) + BigInt(n)) % (BigInt(max) + 1n));

export const isSeedAbove = (seed: Seed, max: Seed): boolean => BigInt(seed) > BigInt(max);
