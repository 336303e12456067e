/**
 * One connection to a ComfyUI's socket, from its first message to its close. Nothing here connects again: that is
 * `ComfyServer`'s, which must know why the last one ended.
 *
 * The trap: of two sockets with one client id only the newer is served, and when the older one closes afterwards the
 * server forgets the id and the newer falls silent too. So a socket tells how it ended. `clean` means that the other
 * side has let go of it and the id can be used again; otherwise the next connection needs a new id.
 */
import WebSocket from 'ws';
import type { ComfyAddress } from './client-address.ts';
import { authRefused, type ServerName, unreachable } from './client-errors.ts';
import { type ComfyMessage, readBinary, readText } from './socket-messages.ts';

export interface SocketOptions {
  address: ComfyAddress;
  server: ServerName;
  clientId: string;
  /** Between two pings; a socket that answers neither of two is dead. */
  pingMs: number;
  onMessage(message: ComfyMessage): void;
  signal: AbortSignal;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1_000;
const MAX_MESSAGE_BYTES = 256 * 2 ** 20;

export class ComfySocket {
  /** Resolves when it is over. */
  readonly closed: Promise<{ clean: boolean }>;
  private readonly ws: WebSocket;
  private readonly registered: Promise<void>;
  private gaveUp = false;

  /** Resolves when the server has registered our id: only then may a prompt be sent. */
  static async open(options: SocketOptions): Promise<ComfySocket> {
    const socket = new ComfySocket(options);
    try {
      await socket.registered;
      return socket;
    } catch (error) {
      socket.ws.terminate();
      throw error;
    }
  }

  private constructor(private readonly options: SocketOptions) {
    const { address, clientId, signal } = options;
    this.ws = new WebSocket(address.socket(clientId), {
      headers: address.headers,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    this.registered = this.registration();
    this.closed = new Promise((resolve) => {
      this.ws.once('close', () => resolve({ clean: !this.gaveUp }));
    });
    const close = () => void this.close();
    signal.addEventListener('abort', close, { once: true });
    this.ws.once('close', () => signal.removeEventListener('abort', close));
    this.watchLife();
  }

  /** Says goodbye and waits for the answer, so that the id is free afterwards. */
  async close(): Promise<{ clean: boolean }> {
    this.ws.close(1000);
    const timer = setTimeout(() => this.giveUp(), CLOSE_TIMEOUT_MS);
    return this.closed.finally(() => clearTimeout(timer));
  }

  private registration(): Promise<void> {
    const { server, onMessage, signal } = this.options;
    return new Promise((resolve, reject) => {
      this.ws.on('open', () => {
        // Must be the first thing said; previews then name their prompt.
        this.ws.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
      });
      this.ws.on('message', (data: Buffer, isBinary: boolean) => {
        const message = isBinary ? readBinary(data) : readText(data.toString('utf8'));
        if (message?.type === 'status' && message.first) resolve();
        if (message) onMessage(message);
      });
      this.ws.on('unexpected-response', (_, response) => {
        const { statusCode } = response;
        response.resume();
        reject(statusCode === 401 || statusCode === 403 ? authRefused(server) : unreachable(server));
      });
      this.ws.on('error', (error) => reject(unreachable(server, error)));
      this.ws.on('close', () => reject(signal.aborted ? signal.reason : unreachable(server)));
    });
  }

  /** Half-open connections tell nothing by themselves: we ask, and take silence for an answer. */
  private watchLife(): void {
    let silent = 0;
    const heard = () => {
      silent = 0;
    };
    const timer = setInterval(() => {
      silent += 1;
      if (silent > 2) this.giveUp();
      else if (this.ws.readyState === WebSocket.OPEN) this.ws.ping();
    }, this.options.pingMs);
    this.ws.on('pong', heard).on('message', heard);
    this.ws.once('close', () => clearInterval(timer));
  }

  private giveUp(): void {
    this.gaveUp = true;
    this.ws.terminate();
  }
}
