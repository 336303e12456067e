/** A bar that redraws itself on a terminal; plain lines otherwise. */
import type { Terminal } from './terminal.ts';

export interface ProgressState {
  /** 0…1 */
  fraction: number;
  label: string;
}

export class Progress {
  readonly #err: Terminal['err'];
  #isDrawn = false;
  #last = '';

  constructor(terminal: Terminal) {
    this.#err = terminal.err;
  }

  show(state: ProgressState): void {
    const line = this.#err.isTerminal ? bar(state, this.#err.columns()) : state.label;
    if (line === this.#last) return;
    this.#last = line;
    this.#isDrawn = this.#err.isTerminal;
    this.#err.write(this.#err.isTerminal ? `\r\x1b[2K${line}` : `${line}\n`);
  }

  /** A permanent line above the bar. */
  say(line: string): void {
    this.clear();
    this.#err.write(`${line}\n`);
  }

  clear(): void {
    if (this.#isDrawn) this.#err.write('\r\x1b[2K');
    this.#isDrawn = false;
    this.#last = '';
  }
}

function bar({ fraction, label }: ProgressState, columns: number): string {
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
  const width = Math.max(8, Math.min(40, columns - cells(label) - percent.length - 4));
  const filled = Math.round(fraction * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${percent}  ${label}`;
}

/** Chinese characters take two cells each. */
const cells = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0);
