/** Model files of ComfyUI servers: what they have, what they lack, and downloads through ComfyUI-Manager. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ServerModels, StudioError } from '@limner/contract';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { FakeManager, type FakeManagerOptions } from './fake-comfy/fake-manager.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const SCHNELL = 'flux1-schnell-Q5_K_S.gguf';
const VAE = 'ae.safetensors';
const VAES = 'VAELoader.vae_name';

let fake: FakeComfy;
let studio: TestStudio;
let id: string;

async function start(
  manager: FakeManagerOptions | null,
  models: Record<string, string[]> = {},
  dataDir?: string,
) {
  fake = await FakeComfy.start({ models });
  fake.manager = manager && new FakeManager(manager);
  studio = await startStudio({ engines: [], ...(dataDir ? { dataDir } : {}) });
  await add();
}

async function add() {
  ({ id } = await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } }));
  await expect.poll(async () => (await models()).error).toBeNull();
}

afterEach(async () => {
  await studio.close();
  await fake.close();
});

const models = async () => (await studio.client.call('listModels', {}))[0] as ServerModels;
const file = async (name: string, folder?: string) =>
  (await models()).files.filter((each) => each.name === name && (!folder || each.folder === folder));
const downloads = () => studio.client.call('listModelDownloads', {});
const ask = (name = VAE) => studio.client.call('downloadModel', { body: { server: id, file: name } });
const refused = (name = VAE) =>
  ask(name).then(
    () => null,
    ({ code, message }: StudioError) => ({ code, message }),
  );
const available = async (family: string) =>
  (await studio.client.call('listFamilies', {})).find((each) => each.id === family)?.available;
const ended = () =>
  expect.poll(async () => (await downloads())[0]?.status, { timeout: 20_000, interval: 200 });

describe('the files of a server', () => {
  it('have size, licence, source and the families that load them', async () => {
    await start(null);
    fake.modelFiles = {
      vae: [{ name: VAE, size: 335_000_000 }],
      loras: [{ name: 'ink.safetensors', size: 9 }],
    };
    const [vae] = await file(VAE);
    expect(vae).toMatchObject({
      folder: 'vae',
      size_bytes: 335_000_000,
      modified_at: '2027-01-15T08:00:00.000Z',
      licence: 'Apache-2.0',
      source: 'black-forest-labs/FLUX.1-schnell',
      notes: [],
    });
    expect(vae?.families).toContain('flux-schnell');
    expect((await file('ink.safetensors'))[0]).toMatchObject({ licence: null, families: [] });
    // Listed by the GGUF pack's loader alone.
    const [schnell] = await file(SCHNELL);
    expect(schnell).toMatchObject({ folder: 'diffusion_models', size_bytes: null });
  });

  it('that are there twice, of one name, in the wrong folder or cut off are named', async () => {
    await start(null);
    fake.modelFiles = {
      vae: [{ name: VAE, size: 335_000_000 }],
      vae_approx: [{ name: `old/${VAE}`, size: 335_000_000 }],
      checkpoints: [{ name: 'x.safetensors', size: 5 }],
      loras: [{ name: 'sub\\x.safetensors', size: 6 }],
      text_encoders: [{ name: 'clip_l.safetensors', size: 40_000_000 }],
    };
    const notes = async (name: string) =>
      (await file(name))[0]?.notes.map(({ kind, text }) => [kind, text.en]);
    expect(await notes(VAE)).toEqual([
      ['duplicate', `The same file also lies at vae_approx/old/${VAE}. One of them can be removed.`],
    ]);
    expect(await notes(`old/${VAE}`)).toEqual([
      ['duplicate', `The same file also lies at vae/${VAE}. One of them can be removed.`],
      ['wrong_folder', 'It belongs into models/vae: its loader does not find it here.'],
    ]);
    expect((await notes('x.safetensors'))?.map(([kind]) => kind)).toEqual(['same_name']);
    expect(await notes('clip_l.safetensors')).toEqual([
      ['incomplete', 'It has 40 MB, the published file 246 MB: the download may have been cut off.'],
    ]);
  });

  it('are named without sizes on a server that does not tell them', async () => {
    await start(null);
    fake.modelFiles = null;
    expect(await file(VAE)).toMatchObject([{ folder: 'vae', size_bytes: null, notes: [] }]);
  });

  it('of a server that is away cannot be read, with the reason', async () => {
    await start(null);
    await fake.crash();
    await expect.poll(async () => (await models()).error?.code, { timeout: 20_000 }).toMatch(/^engine_/);
    expect((await models()).files).toEqual([]);
  });
});

describe('a download', () => {
  const lacking = { [VAES]: ['other.safetensors'] };
  const list = (change = {}) => [
    {
      name: 'FLUX.1 VAE',
      type: 'VAE',
      base: 'FLUX.1',
      save_path: 'vae/FLUX1',
      filename: VAE,
      url: 'https://example.org/gated',
      ...change,
    },
  ];

  it.each<FakeManagerOptions>([
    { by: 'tasks' },
    { by: 'queue', list: list() },
    { by: 'batch', list: list() },
  ])('is done by the server: $by', async (options) => {
    await start(options, lacking);
    expect((await models()).missing.find((each) => each.file === VAE)).toMatchObject({
      folder: 'models/vae',
      size_bytes: 335_000_000,
      licence: 'Apache-2.0',
      downloadable: true,
    });
    const asked = await ask();
    expect(asked).toMatchObject({ server: id, file: VAE, status: 'running', size_bytes: 335_000_000 });
    // Another request joins it.
    expect((await ask()).id).toBe(asked.id);
    expect(fake.manager?.asked).toMatchObject([
      {
        filename: VAE,
        save_path: options.by === 'tasks' ? 'vae' : 'vae/FLUX1',
        url: expect.stringContaining('Comfy-Org/Lumina_Image_2.0_Repackaged'),
      },
    ]);

    // The half file is listed by the server, shown as such, and not used.
    const name = options.by === 'tasks' ? VAE : `FLUX1/${VAE}`;
    put(name, 100_000_000);
    await studio.client.call('refreshEngine', { params: { id } });
    await expect.poll(async () => (await downloads())[0]?.done_bytes, { timeout: 10_000 }).toBe(100_000_000);
    expect((await file(name))[0]?.notes).toMatchObject([{ kind: 'downloading' }]);
    expect(await available('flux-schnell')).toBe(false);

    put(name, 335_304_388);
    finish('success');
    await ended().toBe('completed');
    await expect.poll(() => available('flux-schnell'), { timeout: 10_000 }).toBe(true);
    expect(await refused()).toMatchObject({ code: 'model_present' });
    await studio.client.call('forgetModelDownload', { params: { id: asked.id } });
    expect(await downloads()).toEqual([]);
  });

  it('that was cut off is interrupted, and a further request goes on', async () => {
    await start({ by: 'tasks' }, lacking);
    const { id: first } = await ask();
    put(VAE, 100_000_000);
    await expect(studio.client.call('forgetModelDownload', { params: { id: first } })).rejects.toMatchObject({
      code: 'download_running',
    });
    if (fake.manager) fake.manager.working = false;
    await ended().toBe('interrupted');
    expect(await available('flux-schnell')).toBe(false);
    expect((await file(VAE))[0]?.notes).toMatchObject([{ kind: 'incomplete' }]);
    const again = await ask();
    expect([again.status, again.id > first]).toEqual(['running', true]);
    expect(await downloads()).toHaveLength(1);
  });

  it('that its owner completes by hand is used', async () => {
    await start({ by: 'tasks' }, lacking);
    await ask();
    put(VAE, 100_000_000);
    if (fake.manager) fake.manager.working = false;
    await ended().toBe('interrupted');
    put(VAE, 335_304_388);
    // Asking for a file that is there follows it again.
    await refused();
    await expect.poll(() => available('flux-schnell'), { timeout: 20_000 }).toBe(true);
  });

  it('goes on while its server is switched off', async () => {
    await start({ by: 'tasks' }, lacking);
    await ask();
    await studio.client.call('updateEngine', { params: { id }, body: { mode: 'disabled' } });
    await expect.poll(models).toBeUndefined();
    expect((await downloads())[0]?.status).toBe('running');
    await studio.client.call('updateEngine', { params: { id }, body: { mode: 'enabled' } });
    put(VAE, 335_304_388);
    finish('success');
    await ended().toBe('completed');
  });

  it('goes on while Limner is restarted, and its file stays unused', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-models-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    await start({ by: 'tasks' }, lacking, dataDir);
    await ask();
    put(VAE, 100_000_000);
    await studio.close();
    studio = await startStudio({ engines: [], dataDir });
    await expect.poll(async () => (await models())?.error).toBeNull();
    expect(await available('flux-schnell')).toBe(false);
    put(VAE, 335_304_388);
    finish('success');
    await ended().toBe('completed');
    await expect.poll(() => available('flux-schnell'), { timeout: 10_000 }).toBe(true);
  });

  it('that fails says what ComfyUI-Manager said', async () => {
    await start({ by: 'tasks', forbids: true }, lacking);
    await ask();
    finish('Model installation error');
    await ended().toBe('failed');
    expect((await downloads())[0]?.error).toMatchObject({
      code: 'download_failed',
      message: `Attic PC did not download ${VAE}: Model installation error`,
    });
  });

  it.each<[string, FakeManagerOptions | null, string, RegExp]>([
    ['without ComfyUI-Manager', null, VAE, /^Attic PC cannot download .*has no ComfyUI-Manager/],
    ['below its security level', { by: 'queue', list: list(), forbids: true }, VAE, /security_level/],
    [
      'below the level of its older pages',
      { by: 'batch', list: list(), forbids: true },
      VAE,
      /security_level/,
    ],
    ['of a file that is not in its list', { by: 'queue', list: [] }, VAE, /only files of its own list/],
    ['of a namesake for another place', { by: 'queue', list: list({ save_path: 'loras' }) }, VAE, /own list/],
    ['of an unknown file', { by: 'tasks' }, 'mine.safetensors', /knows no published file "mine/],
    ['of a path', { by: 'tasks' }, `../${VAE}`, /knows no published file/],
  ])('is refused %s, and leaves nothing', async (_, manager, name, sentence) => {
    await start(manager, lacking);
    expect((await refused(name))?.message).toMatch(sentence);
    expect(await downloads()).toEqual([]);
  });

  it('is refused for a server or download that does not exist', async () => {
    await start(null);
    const body = { server: 'nowhere', file: VAE };
    await expect(studio.client.call('downloadModel', { body })).rejects.toMatchObject({
      code: 'engine_unknown',
    });
    await expect(studio.client.call('forgetModelDownload', { params: { id: 9 } })).rejects.toMatchObject({
      code: 'download_not_found',
    });
  });
});

function put(name: string, size: number): void {
  fake.modelFiles = { vae: [{ name, size }] };
  const input = fake.objectInfo.VAELoader?.input.required;
  if (input) input.vae_name = [['other.safetensors', name]];
}

/** The manager is done with its last request. */
function finish(result: string): void {
  const { manager } = fake;
  if (!manager) return;
  manager.working = false;
  manager.ended.set(manager.asked.at(-1)?.ui_id ?? '', result);
}
