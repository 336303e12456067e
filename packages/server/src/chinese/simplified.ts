/** Traditional characters as simplified ones, for looking up words. */
import { TRADITIONAL_PAIRS } from './traditional.ts';

const SIMPLIFIED = new Map(
  Array.from({ length: TRADITIONAL_PAIRS.length / 2 }, (_, at) => [
    TRADITIONAL_PAIRS.charAt(2 * at),
    TRADITIONAL_PAIRS.charAt(2 * at + 1),
  ]),
);

/** Character by character, so that every word keeps its position. */
export const simplified = (text: string): string =>
  text.replace(/[\u3400-\u9fff]/g, (character) => SIMPLIFIED.get(character) ?? character);
