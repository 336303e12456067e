/** Captions that a configured model writes: what it is sent, what is kept, and what happens when it fails. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { addFile, codeOf, endedWork, outcomes, png } from './dataset-client.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { trainingObjectInfo } from './fake-comfy/fake-object-info.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio | undefined;
let model: Server | undefined;
afterEach(async () => {
  await studio?.close();
  model?.close();
  studio = undefined;
});

async function start(environ: Record<string, string> = {}) {
  studio = await startStudio({ environ });
  const { client } = studio;
  const { id } = await client.call('createDataset', { body: { name: 'Cats' } });
  for (const seed of [1, 2]) await addFile(client, id, await png(seed), `${seed}.png`);
  const { items } = await client.call('getDataset', { params: { id } });
  return { client, id, items };
}

/** @returns the address that a setting would have */
async function serve(answer: RequestListener): Promise<string> {
  model = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => model?.once('listening', resolve));
  return `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1/`;
}

interface Asked {
  url: string | undefined;
  key: string | undefined;
  body: { model: string; messages: { content: { image_url?: { url: string } }[] }[] };
}

describe('captions of a model', () => {
  it('are written where there are none, and name the picture that it does not describe', async () => {
    const asked: Asked[] = [];
    const url = await serve(async (request, response) => {
      const body = (await json(request)) as Asked['body'];
      asked.push({ url: request.url, key: request.headers.authorization, body });
      if (asked.length > 1) response.writeHead(500).end();
      else
        response.end(
          JSON.stringify({ choices: [{ message: { content: '<think>hm</think>\n a cat,\nsitting ' } }] }),
        );
    });
    const { client, id, items } = await start({
      CAPTION_URL: url,
      CAPTION_MODEL: 'see',
      CAPTION_KEY: 'secret',
    });
    await addFile(client, id, await png(3), '3.png');
    await client.call('changeDatasetPictures', {
      params: { id },
      body: { changes: [{ id: items[0]?.id ?? 0, caption: 'mine' }] },
    });
    expect(await client.call('getCaptioner', {})).toEqual({ model: 'see' });
    const begun = await client.call('writeDatasetCaptions', { params: { id }, body: {} });
    expect(begun).toMatchObject({ kind: 'captions', total: 2 });
    const ended = await endedWork(client, begun);
    expect(outcomes(ended)).toEqual({ '2.png': 'captioned', '3.png': 'captioner_failed' });
    const { items: after } = await client.call('getDataset', { params: { id } });
    expect(after.map(({ caption }) => caption)).toEqual(['mine', 'a cat, sitting', '']);
    expect(asked[0]).toMatchObject({
      url: '/v1/chat/completions',
      key: 'Bearer secret',
      body: { model: 'see' },
    });
    expect(asked[0]?.body.messages[0]?.content[1]?.image_url?.url).toMatch(/^data:image\/jpeg;base64,/);
    expect(JSON.stringify(ended)).not.toContain('secret');
  });

  it('are written by a ComfyUI server that has a text encoder which sees', async () => {
    const comfy = await FakeComfy.start({ nodes: trainingObjectInfo(), faults: { newer: true } });
    try {
      const { client, id } = await start({ COMFYUI_URL: comfy.url });
      const model = async () => (await client.call('getCaptioner', {})).model;
      await expect.poll(model, { timeout: 20_000 }).toMatch(/^qwen3vl_4b_fp8_scaled\.safetensors \(/);
      comfy.faults.description = ' a cat\non a mat ';
      const write = () => client.call('writeDatasetCaptions', { params: { id }, body: {} });
      expect(outcomes(await endedWork(client, await write()))).toEqual({
        '1.png': 'captioned',
        '2.png': 'captioned',
      });
      const { items } = await client.call('getDataset', { params: { id } });
      expect(items.map(({ caption }) => caption)).toEqual(['a cat on a mat', 'a cat on a mat']);
      const [graph] = [...comfy.queue.executedGraphs.keys()];
      expect(graph).toContain('"type":"stable_diffusion"');

      // An empty answer is no caption.
      comfy.faults.description = '<think>what?</think>';
      await addFile(client, id, await png(3), '3.png');
      expect(outcomes(await endedWork(client, await write()))).toEqual({ '3.png': 'captioner_failed' });
    } finally {
      await studio?.close();
      studio = undefined;
      await comfy.close();
    }
  }, 60_000);

  it('need a model, which the refusal says how to set', async () => {
    const { client, id } = await start();
    expect(await client.call('getCaptioner', {})).toEqual({ model: null });
    expect(await codeOf(client.call('writeDatasetCaptions', { params: { id }, body: {} }))).toBe(
      'captioner_missing',
    );
  });
});
