/** A small reverse proxy of HTTP and WebSockets, for tests: below a path that it keeps or strips, with any Host. */
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ProxyOptions {
  /** Where Limner is. */
  target: string;
  /** Path below which the proxy offers it; elsewhere it answers 404. */
  path?: string;
  /** Whether Limner gets the address without that path. */
  strips?: boolean;
  /** The Host that Limner gets instead of the browser's. */
  host?: string;
  /** False: an upgrade is passed on as a plain request, as proxies without further settings do. */
  passesSockets?: boolean;
}

export interface RunningProxy {
  /** Of Limner, as browsers see it. */
  url: string;
  close(): Promise<void>;
}

export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { target, path = '', strips = false, host, passesSockets = true } = options;
  const sockets = new Set<Socket>();
  const server = http.createServer();
  const ask = (request: IncomingMessage, headers: OutgoingHttpHeaders) =>
    http.request({
      hostname: new URL(target).hostname,
      port: new URL(target).port,
      method: request.method,
      path: strips ? (request.url as string).slice(path.length).replace(/^(?!\/)/, '/') : request.url,
      headers: host === undefined ? headers : { ...headers, host },
    });
  const isOurs = (request: IncomingMessage) => `${request.url}`.split('?')[0]?.startsWith(path);

  server.on('request', (request, response) => {
    if (!isOurs(request)) return void response.writeHead(404).end('no such page at the proxy');
    const { connection: _, upgrade: __, ...headers } = request.headers;
    const asked = ask(request, headers);
    asked.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.writeHead(502).end('<h1>502 Bad Gateway</h1>'));
    request.pipe(asked);
  });
  if (passesSockets) server.on('upgrade', (request, socket: Socket) => upgrade(ask, request, socket));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

type Ask = (request: IncomingMessage, headers: OutgoingHttpHeaders) => http.ClientRequest;

function upgrade(ask: Ask, request: IncomingMessage, socket: Socket): void {
  const asked = ask(request, request.headers);
  asked.on('upgrade', (answer, inner) => {
    socket.write(headOf(answer));
    inner.pipe(socket).pipe(inner);
    inner.on('error', () => socket.destroy());
    socket.on('error', () => inner.destroy());
  });
  asked.on('response', (answer) => {
    socket.write(headOf(answer));
    answer.pipe(socket);
  });
  asked.on('error', () => socket.destroy());
  asked.end();
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
