/**
 * Calls between a process and its child over their channel. Values cross as copies. A `StudioError` arrives as one; of
 * other errors the message and the stack arrive.
 */
import { type ErrorCode, type ErrorData, StudioError } from '@limner/contract';

interface Channel {
  readonly connected: boolean;
  send(message: unknown): void;
  on(event: 'message', listen: (message: unknown) => void): unknown;
  on(event: 'disconnect', listen: () => void): unknown;
}

interface SentError {
  message: string;
  stack: string | undefined;
  studio: { code: ErrorCode; data: ErrorData; field: string | undefined; again: boolean } | null;
}

interface Call {
  /** Null: no answer is wanted. */
  call: number | null;
  method: string;
  args: unknown[];
}

type Message = Call | { answers: number; value: unknown } | { answers: number; error: SentError };

// biome-ignore lint/suspicious/noExplicitAny: each side knows what the other sends
export type Handlers = Record<string, (...args: any[]) => unknown>;

export class Peer {
  readonly #channel: Channel;
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #calls = 0;

  constructor(channel: Channel, handlers: Handlers) {
    this.#channel = channel;
    channel.on('message', (message) => this.#receive(message as Message, handlers));
    channel.on('disconnect', () => {
      for (const { reject } of this.#open.values()) reject(ended());
    });
  }

  call(method: string, ...args: unknown[]): Promise<unknown> {
    this.#calls += 1;
    const call = this.#calls;
    return new Promise((resolve, reject) => {
      if (!this.#channel.connected) return reject(ended());
      this.#open.set(call, { resolve, reject });
      this.#post({ call, method, args });
    });
  }

  /** Without an answer; in the order of the calls. */
  send(method: string, ...args: unknown[]): void {
    this.#post({ call: null, method, args });
  }

  /** After its end nobody waits for it. */
  #post(message: Message): void {
    if (this.#channel.connected) this.#channel.send(message);
  }

  #receive(message: Message, handlers: Handlers): void {
    if ('method' in message) return void this.#answer(message, handlers);
    const waiting = this.#open.get(message.answers);
    this.#open.delete(message.answers);
    if ('error' in message) waiting?.reject(received(message.error));
    else waiting?.resolve(message.value);
  }

  async #answer({ call, method, args }: Call, handlers: Handlers): Promise<void> {
    try {
      const value = await handlers[method]?.(...args);
      if (call !== null) this.#post({ answers: call, value });
    } catch (error) {
      if (call !== null) this.#post({ answers: call, error: sent(error) });
    }
  }
}

const ended = () => new Error('the other process has ended');

export function sent(error: unknown): SentError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof StudioError)) return { message, stack, studio: null };
  const { code, data, field, again } = error;
  return { message, stack, studio: { code, data, field, again } };
}

export function received({ message, stack, studio }: SentError): Error {
  if (studio === null) return Object.assign(new Error(message), { stack });
  const { code, data, field, again } = studio;
  return new StudioError(code, { data, again, ...(field === undefined ? {} : { field }) });
}
