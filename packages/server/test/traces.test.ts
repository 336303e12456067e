/** Traces as a collector receives them: OTLP as JSON over HTTP. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { ONE_PROCESS } from './process/skipping.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;
const spans: SentSpan[] = [];
let collector: Server;
let comfy: FakeComfy | undefined;
let studio: TestStudio;

async function collect(): Promise<string> {
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { resourceSpans } = JSON.parse(String(Buffer.concat(chunks)));
    for (const { scopeSpans } of resourceSpans)
      for (const { spans: some } of scopeSpans) if (request.url === '/v1/traces') spans.push(...some);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
}

afterEach(async () => {
  await studio.close();
  await comfy?.close();
  collector?.close();
});

const generate = (extra: object = {}) =>
  fetch(`${studio.url}/api/generate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: TRACEPARENT,
      'x-request-id': 'from-the-caller',
    },
    body: JSON.stringify({ prompt: 'a red dragon', width: 128, height: 128, ...extra }),
  });

describe.runIf(ONE_PROCESS)('traces', () => {
  it("go on from the caller's: request, task, frame, prompt", async () => {
    comfy = await FakeComfy.start();
    studio = await startStudio({
      environ: { COMFYUI_URL: comfy.url, OTEL_EXPORTER_OTLP_ENDPOINT: await collect() },
    });
    await expect
      .poll(async () =>
        (await studio.client.call('listFamilies', {})).find(({ id }) => id === 'flux-schnell'),
      )
      .toMatchObject({ available: true });
    const { id } = (await (await generate({ family: 'flux-schnell' })).json()) as { id: number };
    await studio.ended(id);
    await studio.studio.close();

    const ours = spans.filter(({ traceId }) => traceId === TRACE);
    const named = (name: string) => ours.find((span) => span.name === name) as SentSpan;
    const chain = ['POST /api/generate', 'task generation', 'frame', 'comfyui prompt'].map(named);
    expect(chain.map((span) => span?.parentSpanId)).toEqual([
      'b7ad6b7169203331',
      ...chain.slice(0, -1).map((span) => span?.spanId),
    ]);
    expect(ours).toHaveLength(4);
    const task = named('task generation').attributes;
    expect(task).toContainEqual({ key: 'limner.request_id', value: { stringValue: 'from-the-caller' } });
    expect(task).toContainEqual({ key: 'limner.task', value: { intValue: id } });
  });

  it('that nobody receives slow nothing down and are reported once', async () => {
    const endpoint = await collect();
    collector.close();
    const errors: string[] = [];
    studio = await startStudio({
      engines: [new ScriptedEngine()],
      environ: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
      errors,
      logLevel: 'warn',
    });
    for (let n = 0; n < 2; n += 1) {
      const { id } = (await (await generate()).json()) as { id: number };
      expect((await studio.ended(id)).status).toBe('completed');
      await studio.studio.traces.flush();
    }
    expect(errors.filter((line) => line.includes('traces cannot be sent'))).toHaveLength(1);
  });
});
