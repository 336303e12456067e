import { randomBytes } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** 26 letters and digits of 128 random bits: it cannot be guessed and is never reused. */
export function randomId(): string {
  let bits = BigInt(`0x${randomBytes(16).toString('hex')}`) << 2n;
  let text = '';
  for (; text.length < 26; bits >>= 5n) text = BASE32[Number(bits & 31n)] + text;
  return text;
}
