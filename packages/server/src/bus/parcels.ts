/** Splits messages into pieces for NOTIFY, which accepts less than 8,000 bytes and keeps their order. */
import type { BusMessage } from './bus.ts';

const PIECE_CHARS = 7_900;
const HEAD = /^(\S+) (\d+) (\d+)\/(\d+) /;

export interface Sending {
  /** No spaces. */
  sender: string;
  /** Counts messages, because Postgres drops a piece that equals an earlier one of the same commit. */
  number: number;
}

export function parcelsOf({ sender, number }: Sending, message: BusMessage): string[] {
  const text = ascii(JSON.stringify(message));
  const pieces = text.match(new RegExp(`.{1,${PIECE_CHARS}}`, 'gs')) ?? [];
  return pieces.map((piece, at) => `${sender} ${number} ${at + 1}/${pieces.length} ${piece}`);
}

export class Parcels {
  /** The received pieces of each sender's current message. */
  readonly #begun = new Map<string, string[]>();

  /** Returns the message that this piece completes; null if pieces are missing, and for messages of `self`. */
  take(parcel: string, self: string): BusMessage | null {
    const [head = '', sender = '', , at = '', of = ''] = HEAD.exec(parcel) ?? [];
    if (sender === '' || sender === self) return null;
    const pieces = at === '1' ? [] : (this.#begun.get(sender) ?? []);
    pieces.push(parcel.slice(head.length));
    if (pieces.length < Number(of)) {
      this.#begun.set(sender, pieces);
      return null;
    }
    this.#begun.delete(sender);
    return pieces.length === Number(of) && pieces.length === Number(at) ? JSON.parse(pieces.join('')) : null;
  }
}

/** A byte for each character. */
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
