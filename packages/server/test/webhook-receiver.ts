/** A receiver of webhooks: a real HTTP server that keeps what it got and answers as told. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a stranger's program knows no types
  body: any;
}

export class WebhookReceiver {
  readonly received: Received[] = [];
  /** Statuses of the next answers; 204 when it is empty. */
  readonly answers: number[] = [];
  headers: Record<string, string> = {};
  readonly #server = createServer(async (request, response) => {
    const body = await text(request);
    this.received.push({ headers: request.headers, text: body, body: JSON.parse(body) });
    response.writeHead(this.answers.shift() ?? 204, this.headers).end();
  });
  url = '';

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
    return this;
  }

  /** As the specification describes the check, without Limner's code. */
  isSigned({ headers, text }: Received, secret: string): boolean {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
    return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
