/** Server-sent events as an answer. Comments keep proxies from closing it while a task waits. */
import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';

export class EventStream {
  readonly #body = new PassThrough();
  readonly #timer: NodeJS.Timeout;

  constructor(reply: FastifyReply, keepAliveMs = 15_000) {
    reply
      .headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' })
      .type('text/event-stream; charset=utf-8')
      .send(this.#body);
    this.#comment();
    this.#timer = setInterval(() => this.#comment(), keepAliveMs);
    this.#body.once('close', () => clearInterval(this.#timer));
  }

  send(type: string, event: object): void {
    this.#write(`event: ${type}\ndata: ${JSON.stringify({ type, ...event })}\n\n`);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#body.end();
  }

  #comment(): void {
    this.#write(': keep-alive\n\n');
  }

  /** A client that has gone destroys the body. */
  #write(text: string): void {
    if (!this.#body.destroyed && !this.#body.writableEnded) this.#body.write(text);
  }
}
