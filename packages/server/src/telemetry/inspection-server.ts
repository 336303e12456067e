/**
 * `/metrics`, `/healthz` and `/readyz` on a port of their own: the same for `serve` and for workers, which have no other, and
 * not reachable through the proxy in front of the studio.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartProblem } from '../start-problem.ts';
import type { Readiness } from './readiness.ts';

export interface Inspected {
  metrics(): Promise<{ type: string; text: string }>;
  ready(): Promise<Readiness>;
}

export interface InspectionServer {
  url: string;
  close(): Promise<void>;
}

/** @throws StartProblem if the port cannot be used */
export async function inspectionServer(
  { host, port }: { host: string; port: number },
  inspected: Inspected,
): Promise<InspectionServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://limner');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    answer(isRead ? pathname : '', inspected, response).catch(() =>
      send(response, 500, 'text/plain', 'failed\n'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unusable(host, port, error)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(pathname: string, inspected: Inspected, response: ServerResponse): Promise<void> {
  switch (pathname) {
    case '/metrics': {
      const { type, text } = await inspected.metrics();
      return send(response, 200, type, text);
    }
    case '/healthz':
      return send(response, 200, 'application/json', '{"status":"ok"}\n');
    case '/readyz': {
      const ready = await inspected.ready();
      const status = ready.status === 'ready' ? 200 : 503;
      return send(response, status, 'application/json', `${JSON.stringify(ready)}\n`);
    }
    default:
      return send(response, 404, 'text/plain', 'Here are /metrics, /healthz and /readyz.\n');
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

const unusable = (host: string, port: number, cause: NodeJS.ErrnoException): StartProblem =>
  new StartProblem(
    {
      en: `Metrics cannot be offered at ${host}:${port} (${cause.code}). Set METRICS_PORT to a free port of its own for each process, and METRICS_HOST to an address of this machine.`,
      zh: `无法在 ${host}:${port} 提供指标（${cause.code}）。请为每个进程将 METRICS_PORT 设为各自的空闲端口，并将 METRICS_HOST 设为本机地址。`,
    },
    { cause },
  );
