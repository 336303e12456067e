/** The sockets of a fake ComfyUI: one per client id is served, the newest; see the trap in `drop`. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { FakeFaults } from './fake-faults.ts';

interface Client {
  socket: WebSocket;
  metadata: boolean;
  sent: number;
}

export interface FakePreview {
  prompt: string;
  node: string;
  jpeg: Buffer;
}

export class FakeSockets {
  /** Sockets ever accepted. */
  accepted = 0;
  private readonly server = new WebSocketServer({ noServer: true, autoPong: false });
  private readonly clients = new Map<string, Client>();
  private readonly open = new Set<WebSocket>();

  get connected(): number {
    return this.open.size;
  }

  constructor(
    private readonly faults: FakeFaults,
    private readonly remaining: () => number,
  ) {}

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, clientId: string): void {
    this.server.handleUpgrade(request, socket, head, (opened) => this.accept(opened, clientId));
  }

  private accept(socket: WebSocket, id: string): void {
    const client: Client = { socket, metadata: false, sent: 0 };
    this.accepted += 1;
    this.open.add(socket);
    this.clients.set(id, client);
    let first = true;
    socket.on('message', (data) => {
      const message = first ? JSON.parse(String(data)) : {};
      first = false;
      if (message.type !== 'feature_flags') return;
      client.metadata = message.data.supports_preview_metadata === true;
      const flags = { supports_preview_metadata: true, max_upload_size: this.faults.uploadLimitBytes };
      this.write(client, JSON.stringify({ type: 'feature_flags', data: flags }));
    });
    // As the real one: whichever socket of an id closes, the id is forgotten, even if a newer one uses it.
    socket.on('close', () => {
      this.open.delete(socket);
      this.clients.delete(id);
    });
    socket.on('error', () => {});
    socket.on('ping', (data) => {
      if (!this.faults.frozen) socket.pong(data);
    });
    if (this.faults.silentSocket) return;
    const status = { exec_info: { queue_remaining: this.remaining() } };
    socket.send(JSON.stringify({ type: 'status', data: { status, sid: id } }));
  }

  send(clientId: string | undefined, type: string, data: object): void {
    const text = JSON.stringify({ type, data });
    const client = this.clients.get(clientId ?? '');
    if (!client) return;
    this.write(client, text);
    if (!this.faults.noise) return;
    this.write(client, text);
    for (const frame of noise) this.write(client, frame);
  }

  sendAll(type: string, data: object): void {
    for (const client of this.clients.values()) this.write(client, JSON.stringify({ type, data }));
  }

  preview(clientId: string | undefined, { prompt, node, jpeg }: FakePreview): void {
    const client = this.clients.get(clientId ?? '');
    if (!client) return;
    const meta = Buffer.from(
      JSON.stringify({ node_id: node, prompt_id: prompt, display_node_id: node, image_type: 'image/jpeg' }),
    );
    const frame = client.metadata
      ? Buffer.concat([words(4, meta.length), meta, jpeg])
      : Buffer.concat([words(1, 1), jpeg]);
    this.write(client, frame);
  }

  dropAll(): void {
    for (const socket of this.open) socket.terminate();
  }

  private write(client: Client, frame: string | Buffer): void {
    if (this.faults.muteSocket || this.faults.frozen) return;
    client.socket.send(frame);
    client.sent += 1;
    if (this.faults.cutSocketAfter > 0 && client.sent >= this.faults.cutSocketAfter)
      client.socket.terminate();
  }
}

const words = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    buffer.writeUInt32BE(value, 4 * index);
  });
  return buffer;
};

const STRANGER = '99999999-9999-4999-8999-999999999999';

/** What also arrives on a busy server. */
const noise: (string | Buffer)[] = [
  JSON.stringify({ type: 'progress', data: { value: 5, max: 5, prompt_id: STRANGER, node: '7' } }),
  JSON.stringify({ type: 'execution_error', data: { prompt_id: STRANGER, exception_message: 'not yours' } }),
  JSON.stringify({ type: 'executing', data: { node: null, prompt_id: STRANGER } }),
  JSON.stringify({ type: 'crystools.monitor', data: { cpu: 3 } }),
  JSON.stringify({ type: 'logs', data: null }),
  'not json',
  words(3, 1),
  words(9, 0, 0),
  words(4, 4_000_000),
  Buffer.from([1]),
];
