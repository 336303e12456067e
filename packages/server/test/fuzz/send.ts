/** Sends a request as it is written: any method, address, header and bytes. */
import { type Agent, request } from 'node:http';

export interface Wire {
  method: string;
  /** With its query, already encoded. */
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

export interface Answer {
  status: number;
  type: string;
  bytes: Buffer;
  ms: number;
}

export interface Patience {
  limitMs: number;
  /** Asked at the limit, and again after as long: true: the answer may still come. */
  mayWait(): Promise<boolean>;
}

/** @throws at the limit without the end of the answer, or when the server closes the connection */
export function send(origin: string, wire: Wire, agent: Agent, patience: Patience): Promise<Answer> {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    // Without a length, bodies of GET would be sent as another request.
    const length = wire.body ? { 'content-length': String(wire.body.length) } : {};
    const headers = { ...wire.headers, ...length };
    const setHost = !('host' in headers);
    const asked = request({ hostname, port, agent, method: wire.method, path: wire.path, headers, setHost });
    const stopWaiting = whenImpatient(patience, (error) => asked.destroy(error));
    asked.once('error', (error) => {
      stopWaiting();
      reject(error);
    });
    asked.once('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', reject);
      answer.once('end', () => {
        stopWaiting();
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          bytes: Buffer.concat(parts),
          ms: performance.now() - since,
        });
      });
    });
    asked.end(wire.body ?? undefined);
  });
}

function whenImpatient({ limitMs, mayWait }: Patience, end: (error: Error) => void): () => void {
  let isOver = false;
  const atLimit = async () => {
    const waits = await mayWait().catch(() => false);
    if (isOver) return;
    if (waits) timer = setTimeout(atLimit, limitMs);
    else end(new Error(`no answer within ${limitMs / 1000} s`));
  };
  let timer = setTimeout(atLimit, limitMs);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
