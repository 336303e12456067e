/** Follows the log of a run: its end first, then what is added. The whole log is never fetched. */
import { useEffect, useState } from 'react';
import { type LogLines, NO_LINES, shownLines, withText } from './log-lines.ts';

const TAIL_BYTES = 64 * 1024;
const ASK_AGAIN_MS = 3000;

export interface ShownLog {
  lines: string[];
  /** Earlier lines exist that are not shown. */
  isCut: boolean;
}

interface Reading {
  /** The byte after the last one read; null: nothing was read. */
  next: number | null;
  isCut: boolean;
  lines: LogLines;
  decoder: TextDecoder;
}

/** null: not read yet, or there is none. `live`: more may come. */
export function useLog(url: string | null, live: boolean): ShownLog | null {
  const [shown, setShown] = useState<ShownLog | null>(null);
  useEffect(() => {
    if (url === null) return;
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let reading = unread();
    const read = async () => {
      // A log that cannot be read is asked for again; the connection's own message says why.
      reading = await readOn(url, reading).catch(() => reading);
      if (!isWanted) return;
      setShown({ lines: shownLines(reading.lines), isCut: reading.isCut });
      if (live) timer = setTimeout(() => void read(), ASK_AGAIN_MS);
    };
    void read();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [url, live]);
  return url === null ? null : shown;
}

const unread = (): Reading => ({ next: null, isCut: false, lines: NO_LINES, decoder: new TextDecoder() });

async function readOn(url: string, held: Reading): Promise<Reading> {
  const range = held.next === null ? `bytes=-${TAIL_BYTES}` : `bytes=${held.next}-`;
  const answer = await fetch(url, { headers: { range } });
  const total = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]);
  // A log that became shorter was begun anew.
  if (answer.status === 416) return held.next !== null && total < held.next ? unread() : held;
  if (answer.status !== 206) return held;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const isCut = held.next === null ? bytes.length < total : held.isCut;
  const text = held.decoder.decode(bytes, { stream: true });
  // The first line of a cut log is incomplete.
  const whole = held.next === null && isCut ? text.slice(text.indexOf('\n') + 1) : text;
  return { ...held, next: total, isCut, lines: withText(held.lines, whole) };
}
