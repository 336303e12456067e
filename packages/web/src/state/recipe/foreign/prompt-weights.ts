/**
 * Weights of words in other programs' prompts as A1111 and ComfyUI write them, `(word:1.2)`. There a bracket of the text
 * itself is written `\(`. Pure.
 */

const NOVELAI_STEP = 1.05;
/** `1.4::glowing eyes::`, since version 4; the second pair of colons ends it. */
const NUMBER = /(-?(?:\d+(?:\.\d*)?|\.\d+))::/y;

/**
 * NovelAI: `{word}` is 1.05 times as strong and `[word]` 1.05 times weaker, also within each other, and one that is not
 * closed holds to the end. Its round brackets are text.
 */
export function novelAiWeights(text: string): string {
  const runs: Run[] = [];
  let depth = 0;
  /** Of the number before these words, if any. */
  let factor: number | null = null;
  for (let at = 0; at < text.length; ) {
    const number = numberAt(text, at);
    const char = text.charAt(at);
    if (number) {
      factor = number.factor;
      at += number.length;
    } else if (factor !== null && text.startsWith('::', at)) {
      factor = null;
      at += 2;
    } else {
      if (char in STEPS) depth += STEPS[char] ?? 0;
      else addTo(runs, /[()]/.test(char) ? `\\${char}` : char, (factor ?? 1) * NOVELAI_STEP ** depth);
      at += 1;
    }
  }
  return runs.map(weighted).join('');
}

const STEPS: Record<string, number> = { '{': 1, '}': -1, '[': -1, ']': 1 };

interface Run {
  words: string;
  weight: number;
}

function numberAt(text: string, at: number): { factor: number; length: number } | null {
  NUMBER.lastIndex = at;
  const [whole, written] = NUMBER.exec(text) ?? [];
  return whole === undefined ? null : { factor: Number(written), length: whole.length };
}

function addTo(runs: Run[], words: string, weight: number): void {
  const last = runs.at(-1);
  if (last && Math.abs(last.weight - weight) < 1e-9) last.words += words;
  else runs.push({ words, weight });
}

/** Spaces and commas at its ends stay outside. */
function weighted({ words, weight }: Run): string {
  const [, before = '', inner = '', behind = ''] = /^([\s,]*)(.*?)([\s,]*)$/s.exec(words) ?? [];
  const number = rounded(weight);
  return inner === '' || number === 1 ? words : `${before}(${inner}:${number})${behind}`;
}

const rounded = (weight: number): number => Math.round(weight * 1000) / 1000;

/** A word, or brackets without others inside, and its signs or number. */
const COMPEL =
  /(?:\(([^()]*)\)([+-]+|\d+(?:\.\d+)?)|([\p{L}\p{N}_'-]*[\p{L}\p{N}_'])(\+{1,}|-{1,}))(?![\p{L}\p{N}])/gu;

/** InvokeAI's Compel, as of SD 1.5 and SDXL: `word++` is 1.1² times as strong, `word--` 0.9² times, `(two words)1.3`. */
export const compelWeights = (text: string): string =>
  text.replace(
    COMPEL,
    (whole, group: string | undefined, sign = '', word: string | undefined, signs = '') => {
      const words = group ?? word ?? '';
      const weight = compelWeight(sign || signs);
      return words.trim() === '' ? whole : `(${words}:${rounded(weight)})`;
    },
  );

const compelWeight = (written: string): number =>
  written.startsWith('+')
    ? 1.1 ** written.length
    : written.startsWith('-')
      ? 0.9 ** written.length
      : Number(written);
