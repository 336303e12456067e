/** Lines of a program's log as a terminal shows them, the newest only. Pure. */

/** Older lines are dropped. */
const MOST_LINES = 1000;
/** A program that never ends its line. */
const MOST_CHARS = 4000;

export interface LogLines {
  /** Without the last one. */
  ended: string[];
  /** The last one, to which more may be written. */
  open: string;
}

export const NO_LINES: LogLines = { ended: [], open: '' };

/** Progress bars write over their line: what follows the last carriage return replaces what stood there. */
export function withText({ ended, open }: LogLines, text: string): LogLines {
  const [first = '', ...rest] = plain(text).split('\n');
  const lines = [...ended, ...[open + first, ...rest].map(overwritten)];
  const last = lines.pop() ?? '';
  return { ended: lines.slice(-MOST_LINES).map((line) => line.replace(/\r+$/, '')), open: last };
}

/** All lines; the open one only if something stands in it. */
export const shownLines = ({ ended, open }: LogLines): string[] => {
  const last = open.replace(/\r+$/, '');
  return last === '' ? ended : [...ended, last];
};

/** A carriage return at the end may be followed by a line feed, or by the next state of the bar. */
function overwritten(line: string): string {
  const parts = line.split('\r');
  const shown = parts.findLast((part) => part !== '') ?? '';
  return `${shown.slice(-MOST_CHARS)}${parts.length > 1 && parts.at(-1) === '' ? '\r' : ''}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and cursor movements of terminals
const plain = (text: string): string => text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
