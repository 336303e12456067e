/** Pictures painted in layers, through the whole product: what is kept, listed, counted, deleted and restored. */
import { buffer } from 'node:stream/consumers';
import { type OutputId, OWNER } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRaster, emptyRaster, layOver, type Raster, stackOf } from '../src/images/stack.ts';
import { Layers } from '../src/layers/layers.ts';
import { digest, readBack, stackedPsd } from '../src/layers/testing-psd.ts';
import { LAYERED, type LayeredStudio, startLayered } from './layered-studio.ts';
import { unpacked } from './unpacked.ts';

let studio: LayeredStudio;
beforeAll(async () => {
  studio = await startLayered();
});
afterAll(async () => {
  await studio.close();
  await studio.fake.close();
});

const taskAt = (id: number) => studio.client.call('getTask', { params: { id } });

describe('a picture painted in layers', () => {
  it('is one picture whose layers follow in order', async () => {
    const { id, status, output_paths, finished_frames, frames } = await studio.painted(3, { batch_size: 2 });
    expect([status, finished_frames, output_paths]).toEqual([
      'completed',
      2,
      [`/outputs/${id}_0.png`, `/outputs/${id}_1.png`],
    ]);
    for (const frame of frames) {
      expect(frame.output).toEqual(frame.outputs[0]);
      expect(frame.outputs.map(({ place, role, width, height }) => [place, role, width, height])).toEqual([
        [0, 'main', 256, 272],
        [1, 'layer', 256, 272],
        [2, 'layer', 256, 272],
        [3, 'layer', 256, 272],
      ]);
      expect(frame.outputs.map(({ provenance }) => provenance?.details.layer)).toEqual([undefined, 1, 2, 3]);
    }
    const [graph] = [...studio.fake.queue.history.values()].slice(-1) as { prompt: unknown[] }[];
    expect(JSON.stringify(graph?.prompt[2])).toContain('"layers":3');
  });

  it('is what its layers make up, to the byte', async () => {
    const { frames } = await studio.painted(4);
    const [whole, ...layers] = frames[0]?.outputs ?? [];
    const files = await Promise.all(layers.map(({ url }) => studio.bytesAt(url)));
    const pixels = await Promise.all(files.map(decodeRaster));
    expect(new Set(pixels.map(({ rgba }) => rgba.toString('base64'))).size).toBe(4);
    expect(digest(await studio.pixelsAt(whole?.url ?? ''))).toBe(digest(await stackOf(files)));
  });

  it('may be of a picture, without words', async () => {
    const source = await studio.painted(2);
    const body = { prompt: '', family: LAYERED, type: 'img2img' as const, input_image: `${source.id}_0` };
    const task = await studio.ended((await studio.client.call('generate', { body })).id);
    expect([task.status, task.frames[0]?.outputs.length]).toEqual(['completed', 5]);
    await expect(
      studio.client.call('generate', { body: { ...body, type: 'txt2img' } }),
    ).rejects.toMatchObject({ code: 'invalid_request', field: 'prompt' });
  });

  it('is made only for a request that names the model', async () => {
    await expect(
      studio.client.call('generate', { body: { prompt: 'a', params: { layers: 9 }, family: LAYERED } }),
    ).rejects.toMatchObject({ code: 'invalid_request', field: 'params.layers' });
    const { choice } = await studio.client.call('generate', { body: { prompt: 'a knight' } });
    expect(choice.family).not.toBe(LAYERED);
  });

  it('can be starred as a whole task, without its layers', async () => {
    const { id } = await studio.painted(2);
    expect(
      await studio.client.call('starOutputs', { body: { outputs: [], tasks: [id], starred: true } }),
    ).toEqual({ changed: 1 });
    expect((await taskAt(id)).stars).toBe(1);
  });

  it('takes its layers along when it is deleted, and brings them back', async () => {
    const { id, frames } = await studio.painted(2, { batch_size: 2 });
    await studio.client.call('deleteOutput', { params: { id: `${id}_0` } });
    expect((await taskAt(id)).frames.map(({ index }) => index)).toEqual([1]);
    expect((await fetch(`${studio.url}/outputs/${id}_0_1.png`)).status).toBe(404);
    await studio.client.call('restoreFromBin', { body: { outputs: [`${id}_0`] } });
    expect((await taskAt(id)).frames[0]?.outputs).toEqual(frames[0]?.outputs);
  });

  it('stays when one of its layers is deleted', async () => {
    const { id } = await studio.painted(2);
    await studio.client.call('deleteOutput', { params: { id: `${id}_0_1` } });
    const { frames, output_paths } = await taskAt(id);
    expect(frames[0]?.outputs.map(({ place }) => place)).toEqual([0, 2]);
    expect(output_paths).toEqual([`/outputs/${id}_0.png`]);
  });

  it('is archived with its layers', async () => {
    const { id } = await studio.painted(2);
    const zip = await studio.client.call('zipOutputs', { body: { outputs: [], tasks: [id] } });
    expect(zip.pictures).toBe(3);
  });
});

interface Exported {
  bytes: Buffer;
  type: string | null;
  name: string | null;
}

const exported = async (id: number, format: string, arrangement?: object[]): Promise<Exported> => {
  const query = arrangement ? `?arrangement=${encodeURIComponent(JSON.stringify(arrangement))}` : '';
  const response = await fetch(`${studio.url}/api/outputs/${id}_0/layers/${format}${query}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([response.status, response.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
  return {
    bytes,
    type: response.headers.get('content-type'),
    name: response.headers.get('content-disposition'),
  };
};

/** The attributes of the layers in an ORA's `stack.xml`, as they are written. */
const layersIn = (xml: string) =>
  [...xml.matchAll(/<layer ([^>]*)\/>/g)].map(([, fields = '']) =>
    Object.fromEntries(
      [...fields.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  );

describe('the layers of a picture', () => {
  let id: number;
  let whole: Raster;
  beforeAll(async () => {
    id = (await studio.painted(3)).id;
    whole = await studio.pixelsAt(`/outputs/${id}_0.png`);
  });

  it('are exported as a Photoshop document that makes up the picture', async () => {
    const { bytes, type, name } = await exported(id, 'psd');
    expect([type, name]).toEqual([
      'image/vnd.adobe.photoshop',
      expect.stringContaining(`filename="${id}_0_a-knight.psd"`),
    ]);
    const psd = readBack(bytes);
    expect(psd.children?.map((layer) => layer.name)).toEqual(['Layer 1', 'Layer 2', 'Layer 3']);
    expect(digest(stackedPsd(psd))).toBe(digest(whole));
  });

  it('are exported as an OpenRaster document that makes up the picture', async () => {
    const { bytes, type } = await exported(id, 'ora');
    expect(type).toBe('image/openraster');
    // So that programs know it by its first bytes.
    expect(bytes.toString('latin1', 30, 54)).toBe('mimetypeimage/openraster');
    const files = unpacked(bytes);
    expect([...files.keys()]).toEqual([
      'mimetype',
      'stack.xml',
      ...[0, 1, 2].map((at) => `data/layer${at}.png`),
      'mergedimage.png',
      'Thumbnails/thumbnail.png',
    ]);
    const layers = layersIn(String(files.get('stack.xml')));
    expect(layers.map(({ name, x, y, opacity, visibility }) => [name, x, y, opacity, visibility])).toEqual(
      ['Layer 3', 'Layer 2', 'Layer 1'].map((name) => [name, '0', '0', '1', 'visible']),
    );
    const pngs = layers.map(({ src = '' }) => files.get(src) ?? Buffer.alloc(0)).reverse();
    expect(digest(await stackOf(pngs))).toBe(digest(whole));
    expect(digest(await decodeRaster(files.get('mergedimage.png') as Buffer))).toBe(digest(whole));
    const thumbnail = await decodeRaster(files.get('Thumbnails/thumbnail.png') as Buffer);
    expect([thumbnail.width, thumbnail.height]).toEqual([241, 256]);
  });

  it('are exported as numbered PNGs that make up the picture', async () => {
    const files = unpacked((await exported(id, 'zip')).bytes);
    const numbered = ['01 Layer 1.png', '02 Layer 2.png', '03 Layer 3.png'];
    expect([...files.keys()]).toEqual([...numbered, 'whole.png', 'layers.json']);
    // The stored files, with the recipes in them.
    const stored = await studio.bytesAt(`/outputs/${id}_0_2.png`);
    expect(files.get('02 Layer 2.png')?.equals(stored)).toBe(true);
    expect(digest(await stackOf(numbered.map((name) => files.get(name) as Buffer)))).toBe(digest(whole));
    expect(JSON.parse(String(files.get('layers.json')))).toEqual({
      width: 256,
      height: 272,
      layers: numbered.map((file) => ({ file, name: file.slice(3, -4) })),
    });
  });

  const ARRANGED = [
    { place: 3, name: '下 <1> & "one"' },
    { place: 1, opacity: 0.4, left: -30, top: 100 },
    { place: 2, visible: false },
  ];

  it('are exported as they are arranged', async () => {
    const png = await decodeRaster((await exported(id, 'png', ARRANGED)).bytes);
    expect(digest(png)).not.toBe(digest(whole));
    const arranged = emptyRaster(whole);
    layOver(arranged, await studio.pixelsAt(`/outputs/${id}_0_3.png`));
    const moved = { left: -30, top: 100, opacity: 102 };
    layOver(arranged, await studio.pixelsAt(`/outputs/${id}_0_1.png`), moved);
    expect(digest(png)).toBe(digest(arranged));

    const psd = readBack((await exported(id, 'psd', ARRANGED)).bytes);
    expect(digest(stackedPsd(psd))).toBe(digest(arranged));
    expect(psd.children?.map(({ name, hidden = false }) => [name, hidden])).toEqual([
      ['下 <1> & "one"', false],
      ['Layer 1', false],
      ['Layer 2', true],
    ]);
    const ora = unpacked((await exported(id, 'ora', ARRANGED)).bytes);
    expect(layersIn(String(ora.get('stack.xml')))).toMatchObject([
      { src: 'data/layer2.png', visibility: 'hidden' },
      { src: 'data/layer1.png', x: '-30', y: '100', opacity: '0.4' },
      { src: 'data/layer0.png', name: '下 &#60;1&#62; &#38; &#34;one&#34;' },
    ]);
    const zip = unpacked((await exported(id, 'zip', ARRANGED)).bytes);
    const pngs = [...zip].filter(([name]) => /^\d/.test(name)).map(([, bytes]) => bytes);
    expect(digest(await stackOf(pngs))).toBe(digest(arranged));
  });

  it('are exported in turn where they would take too much memory together', async () => {
    const { frames } = await studio.painted(2);
    const id = frames[0]?.output?.id as OutputId;
    const { db, blobs, uploads } = studio.studio;
    const nameOf = () => 'a knight.png';
    const layers = new Layers({ db: db.read, blobs, uploads, nameOf, mostPixels: 1 });
    const asked = { caller: OWNER, id, language: 'en' } as const;
    for (const format of ['psd', 'ora', 'zip', 'png'] as const) {
      const first = await layers.open(asked, format);
      let isHere = false;
      const second = layers.open(asked, format).then((file) => {
        isHere = true;
        return file;
      });
      // The layers can be decoded meanwhile: only the turn is missing.
      await studio.bytesAt(`/outputs/${id}.png?w=256`);
      expect([format, isHere]).toEqual([format, false]);
      if (format === 'psd') first.stream.destroy();
      else await buffer(first.stream);
      expect((await buffer((await second).stream)).length).toBe(first.sizeBytes);
    }
  });

  it('are kept as arranged, as a picture to go on with', async () => {
    const layers = ARRANGED.slice(0, 2);
    const upload = await studio.client.call('arrangeLayers', { params: { id: `${id}_0` }, body: { layers } });
    expect(upload).toMatchObject({ name: `${id}_0_a-knight.png`, width: 256, height: 272 });
    const png = await decodeRaster((await exported(id, 'png', layers)).bytes);
    expect(digest(await studio.pixelsAt(upload.url))).toBe(digest(png));
  });

  it.each([
    ['a layer that is not there', [{ place: 9 }], 404, 'image_not_found'],
    ['the picture as a layer', [{ place: 0 }], 404, 'image_not_found'],
    ['a layer twice', [{ place: 1 }, { place: 1 }], 400, 'invalid_request'],
    ['no layer', [], 400, 'invalid_request'],
    ['what is no arrangement', 'up', 400, 'invalid_request'],
  ])('are not arranged with %s', async (_, arrangement, status, code) => {
    const query = encodeURIComponent(JSON.stringify(arrangement));
    const response = await fetch(`${studio.url}/api/outputs/${id}_0/layers/psd?arrangement=${query}`);
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      status,
      code,
    ]);
  });

  it('are not there for other pictures', async () => {
    const { id: plain } = await studio.client.call('generate', {
      body: { prompt: 'a key', family: 'z-image', params: { steps: 1 }, width: 512, height: 512 },
    });
    await studio.ended(plain);
    for (const [ref, code] of [
      [`${plain}_0`, 'no_layers'],
      [`${plain}_7`, 'image_not_found'],
    ]) {
      const response = await fetch(`${studio.url}/api/outputs/${ref}/layers/ora`);
      expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
    }
  });

  it('are called in the language of the request', async () => {
    const response = await fetch(`${studio.url}/api/outputs/${id}_0/layers/psd?lang=zh`);
    const psd = readBack(Buffer.from(await response.arrayBuffer()));
    expect(psd.children?.map((layer) => layer.name)).toEqual(['图层 1', '图层 2', '图层 3']);
  });
});
