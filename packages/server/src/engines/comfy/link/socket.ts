/**
 * One connection to a ComfyUI's socket, from its first message to its close. `ServerLink` reconnects; it must know why
 * the last connection ended.
 *
 * The trap: of two sockets with one client id only the newer is served, and when the older one closes afterwards the
 * server forgets the id and the newer falls silent too. So a socket reports how it ended. `clean` means that the other
 * side has released it and the id can be used again; otherwise the next connection needs a new id.
 */
import WebSocket from 'ws';
import type { ComfyAddress } from './client-address.ts';
import { authRefused, notResponding, type ServerName, unreachable } from './client-errors.ts';
import { MAX_MESSAGE_BYTES } from './client-limits.ts';
import { type ComfyMessage, readBinary, readText } from './socket-messages.ts';

export interface SocketOptions {
  address: ComfyAddress;
  server: ServerName;
  clientId: string;
  /** Time-out until the connection is open, and again until the server has registered our id. */
  handshakeMs: number;
  /** Between two pings. */
  pingMs: number;
  /** After this time without a message the server is not responding. */
  silentMs: number;
  /** After this time without a message the connection is dead. */
  deadMs: number;
  /** It stopped or resumed receiving messages. */
  onSilent(isSilent: boolean): void;
  onMessage(message: ComfyMessage): void;
  signal: AbortSignal;
}

const CLOSE_TIMEOUT_MS = 1_000;

export class ComfySocket {
  readonly #options: SocketOptions;
  /** Resolves when it is over. */
  readonly closed: Promise<{ clean: boolean }>;
  readonly #ws: WebSocket;
  readonly #registered: Promise<void>;
  #terminated = false;

  /** Resolves when the server has registered our id: only then may a prompt be sent. */
  static async open(options: SocketOptions): Promise<ComfySocket> {
    const socket = new ComfySocket(options);
    try {
      await socket.#registered;
      return socket;
    } catch (error) {
      socket.#ws.terminate();
      throw error;
    }
  }

  private constructor(options: SocketOptions) {
    this.#options = options;

    const { address, clientId, handshakeMs, signal } = options;
    this.#ws = new WebSocket(address.socket(clientId), {
      headers: address.headers,
      handshakeTimeout: handshakeMs,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    this.#registered = this.#registration();
    this.closed = new Promise((resolve) => {
      this.#ws.once('close', () => resolve({ clean: !this.#terminated }));
    });
    const close = () => void this.close();
    signal.addEventListener('abort', close, { once: true });
    this.#ws.once('close', () => signal.removeEventListener('abort', close));
    this.#watchLife();
  }

  /** Says goodbye and waits for the answer, so that the id is free afterwards. */
  async close(): Promise<{ clean: boolean }> {
    this.#ws.close(1000);
    const timer = setTimeout(() => this.#terminate(), CLOSE_TIMEOUT_MS);
    return this.closed.finally(() => clearTimeout(timer));
  }

  #registration(): Promise<void> {
    const { server, handshakeMs, onMessage, signal } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(notResponding(server)), 2 * handshakeMs);
      this.#ws.once('close', () => clearTimeout(timer));
      this.#ws.on('open', () => {
        // Must be the first message; previews then name their prompt.
        this.#ws.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
      });
      this.#ws.on('message', (data: Buffer, isBinary: boolean) => {
        const message = isBinary ? readBinary(data) : readText(data.toString('utf8'));
        if (message?.type === 'status' && message.first) {
          clearTimeout(timer);
          resolve();
        }
        if (message) onMessage(message);
      });
      this.#ws.on('unexpected-response', (_, response) => {
        const { statusCode } = response;
        response.resume();
        reject(statusCode === 401 || statusCode === 403 ? authRefused(server) : unreachable(server));
      });
      this.#ws.on('error', (error) => reject(unreachable(server, error)));
      this.#ws.on('close', () => reject(signal.aborted ? signal.reason : unreachable(server)));
    });
  }

  /** A half-open connection and a hung server report nothing by themselves: both are detected by unanswered pings. */
  #watchLife(): void {
    const { pingMs, silentMs, deadMs, onSilent } = this.#options;
    let heardAt = performance.now();
    let isSilent = false;
    const set = (silent: boolean) => {
      if (isSilent === silent) return;
      isSilent = silent;
      onSilent(silent);
    };
    const heard = () => {
      heardAt = performance.now();
      set(false);
    };
    const timer = setInterval(() => {
      const quietMs = performance.now() - heardAt;
      if (quietMs >= deadMs) return this.#terminate();
      if (quietMs >= silentMs) set(true);
      if (this.#ws.readyState === WebSocket.OPEN) this.#ws.ping();
    }, pingMs);
    this.#ws.on('pong', heard).on('message', heard);
    this.#ws.once('close', () => clearInterval(timer));
  }

  #terminate(): void {
    this.#terminated = true;
    this.#ws.terminate();
  }
}
