/** Lines of a stream in which bars overwrite themselves by carriage returns and a line may have no end for hours. */
import { StringDecoder } from 'node:string_decoder';

/** The rest of a longer line is dropped. */
const MAX_LINE_CHARS = 4_000;

export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that this chunk completes. Empty ones are left out. */
  push(chunk: Uint8Array): string[] {
    const parts = this.#decoder.write(Buffer.from(chunk)).split(/[\r\n]/);
    const [first = '', ...others] = parts;
    const last = others.pop();
    if (last === undefined) {
      this.#rest = cut(this.#rest + first);
      return [];
    }
    const lines = [this.#rest + first, ...others];
    this.#rest = cut(last);
    return lines.map(plain).filter(Boolean);
  }

  /** What came after the last end of a line. */
  end(): string[] {
    const line = plain(this.#rest + this.#decoder.end());
    this.#rest = '';
    return line ? [line] : [];
  }
}

const cut = (text: string): string => text.slice(0, MAX_LINE_CHARS);

/** Without colours, cursor movements and control characters. */
export const plain = (text: string): string =>
  cut(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
    .replace(/\u001b(\[[0-?]*[ -/]*[@-~]|\][^\u0007]*\u0007?|[@-_])/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .trimEnd();
