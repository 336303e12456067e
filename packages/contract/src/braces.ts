/** Which braces of a prompt belong together, and which bars are their own. One pass. */

export interface Brace {
  close: number;
  /** Of the bars between its options; not those of braces within it. */
  bars: number[];
}

/** By the place of the opening brace. Braces without a partner are left out; `\{`, `\}` and `\|` are text. */
export function bracesIn(text: string): Map<number, Brace> {
  const found = new Map<number, Brace>();
  const open: { at: number; bars: number[] }[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\' && ESCAPABLE.has(text[at + 1] ?? '')) at++;
    else if (char === '{') open.push({ at, bars: [] });
    else if (char === '|') open.at(-1)?.bars.push(at);
    else if (char === '}') {
      const opened = open.pop();
      if (opened) found.set(opened.at, { close: at, bars: opened.bars });
    }
  }
  return found;
}

const ESCAPABLE = new Set(['{', '}', '|']);

/** Attempts to read braces as JSON, so that a long text of broken JSON costs little. */
const MAX_JSON_ATTEMPTS = 16;

/** Tells JSON objects from choices: `{"a": "x|y"}` has a bar, and is none. */
export function jsonReader(text: string): (open: number, close: number) => boolean {
  let attempts = 0;
  return (open, close) => {
    if (!/^\{\s*"/.test(text.slice(open, open + 50)) || attempts++ >= MAX_JSON_ATTEMPTS) return false;
    try {
      JSON.parse(text.slice(open, close + 1));
      return true;
    } catch {
      return false;
    }
  };
}
