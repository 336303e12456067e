/**
 * A server that speaks S3, in the process of the test, behind a proxy that can refuse, cut and answer in its place. What it
 * lacks itself, the list of unfinished uploads, the proxy answers.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFauxqs } from 'fauxqs';
import type { S3Place } from '../src/storage/s3/s3-place.ts';

interface S3Request {
  method: string;
  /** With the bucket and the query. */
  path: string;
}

/** `cut`: the connection breaks. A code: the answer is this error of S3, with its status. */
export type S3Fault = 'cut' | { status: number; code: string; date?: Date };

export interface FakeS3 {
  endpoint: string;
  requests: S3Request[];
  /** Asked for each request until it is replaced. */
  fault: (request: S3Request) => S3Fault | null | undefined;
  /** Begin of unfinished uploads, in place of when they began. */
  begunAt: Date | null;
  /** Another prefix at each call. */
  place(prefix?: string): S3Place;
  environ(place: S3Place): Record<string, string>;
  stop(): Promise<void>;
}

const BUCKET = 'pictures';

export async function startFakeS3(): Promise<FakeS3> {
  const store = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  store.createBucket(BUCKET);
  const uploads = new Map<string, { key: string; begun: Date }>();
  let places = 0;
  const proxy = http.createServer((request, reply) => {
    const asked = { method: request.method ?? '', path: request.url ?? '' };
    fake.requests.push(asked);
    const fault = fake.fault(asked);
    if (fault === 'cut') return void request.socket.destroy();
    if (fault) return void refuse(request, reply, fault);
    const url = new URL(asked.path, 'http://x');
    if (asked.method === 'GET' && url.searchParams.has('uploads')) return void listUploads(url, reply);
    const onward = http.request(
      {
        host: '127.0.0.1',
        port: store.port,
        method: asked.method,
        path: asked.path,
        headers: request.headers,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => {
          const body = Buffer.concat(chunks);
          remember(asked, url, String(body.subarray(0, 4096)));
          reply.writeHead(answer.statusCode ?? 502, answer.headers);
          reply.end(body);
        });
      },
    );
    onward.on('error', () => reply.destroy());
    request.pipe(onward);
  });

  function remember({ method }: S3Request, url: URL, body: string): void {
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    if (method === 'POST' && url.searchParams.has('uploads'))
      uploads.set(/<UploadId>([^<]+)/.exec(body)?.[1] ?? '', { key, begun: new Date() });
    const ended = url.searchParams.get('uploadId');
    if (ended !== null && (method === 'DELETE' || method === 'POST')) uploads.delete(ended);
  }

  function listUploads(url: URL, reply: http.ServerResponse): void {
    const prefix = url.searchParams.get('prefix') ?? '';
    const found = [...uploads].filter(([, { key }]) => key.startsWith(prefix));
    const items = found.map(
      ([id, { key, begun }]) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${(fake.begunAt ?? begun).toISOString()}</Initiated></Upload>`,
    );
    reply.writeHead(200, { 'content-type': 'application/xml' });
    reply.end(`<ListMultipartUploadsResult>${items.join('')}</ListMultipartUploadsResult>`);
  }

  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const fake: FakeS3 = {
    endpoint,
    requests: [],
    fault: () => null,
    begunAt: null,
    place: (prefix) => ({
      bucket: BUCKET,
      prefix: prefix ?? `studio${places++}/`,
      endpoint,
      region: 'us-east-1',
      keys: { id: 'testing', secret: 'not a secret' },
      forcePathStyle: true,
    }),
    environ: ({ bucket, prefix }) => ({
      BLOBS_URL: `s3://${bucket}/${prefix}`,
      S3_ENDPOINT: endpoint,
      S3_REGION: 'us-east-1',
      S3_ACCESS_KEY_ID: 'testing',
      S3_SECRET_ACCESS_KEY: 'not a secret',
      S3_FORCE_PATH_STYLE: 'true',
    }),
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await store.stop();
    },
  };
  return fake;
}

function refuse(
  request: http.IncomingMessage,
  reply: http.ServerResponse,
  { status, code, date }: Exclude<S3Fault, 'cut'>,
): void {
  request.resume();
  request.on('end', () => {
    reply.writeHead(status, {
      'content-type': 'application/xml',
      ...(date ? { date: date.toUTCString() } : {}),
    });
    reply.end(
      request.method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
    );
  });
}
