import { TOKENS } from './feeds.ts';

/**
 * Words to token numbers of the small model: known words whole, unknown ones in the longest known pieces (`##` marks a
 * piece that continues a word), each Chinese character by itself.
 */
const [PAD, START] = [0, 1];

export class Tokenizer {
  readonly #ids: ReadonlyMap<string, number>;

  constructor(vocabulary: readonly string[]) {
    this.#ids = new Map(vocabulary.map((piece, id) => [piece, id]));
  }

  /** Always `TOKENS` numbers; longer texts are cut off. */
  encode(text: string): number[] {
    const words = text.toLowerCase().match(/[a-z0-9]+|[\u3400-\u9fff]/g) ?? [];
    const ids = [START, ...words.flatMap((word) => this.#pieces(singular(word)))].slice(0, TOKENS);
    return [...ids, ...new Array<number>(TOKENS - ids.length).fill(PAD)];
  }

  #pieces(word: string): number[] {
    const whole = this.#ids.get(word);
    if (whole !== undefined) return [whole];
    const pieces: number[] = [];
    for (let at = 0; at < word.length; ) {
      const end = this.#longestFrom(word, at);
      if (end > at) pieces.push(this.#ids.get(pieceOf(word, at, end)) as number);
      at = Math.max(end, at + 1);
    }
    return pieces;
  }

  #longestFrom(word: string, at: number): number {
    for (let end = word.length; end > at; end--) if (this.#ids.has(pieceOf(word, at, end))) return end;
    return at;
  }
}

const pieceOf = (word: string, at: number, end: number): string => (at > 0 ? '##' : '') + word.slice(at, end);

function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.length > 3 && /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}
