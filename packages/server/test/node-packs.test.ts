/** Node packs: which pack has a missing class, from ComfyUI-Manager of the server, and its installation there. */
import { afterEach, describe, expect, it } from 'vitest';
import { textGraph } from '../src/engines/comfy/fixtures/text-graph.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { FakeManager, type FakeManagerOptions } from './fake-comfy/fake-manager.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const GLITTER = 'https://github.com/someone/ComfyUI-Glitter';
const PACKS: FakeManagerOptions['packs'] = {
  // It bundles nodes of others.
  'https://github.com/a/ComfyUI-Bundle': [
    ['GlitterSampler', 'SparkSampler', 'B', 'C'],
    { title_aux: 'ComfyUI-Bundle' },
  ],
  [GLITTER]: [['GlitterSampler'], { title_aux: 'ComfyUI-Glitter' }],
  'comfyui-spark': [['Other'], { title_aux: 'Spark', preemptions: ['SparkSampler'] }],
  'https://github.com/comfyanonymous/ComfyUI': [['FutureNode'], { title_aux: 'ComfyUI' }],
  'https://github.com/x/y; rm -rf /': [['EvilNode'], { title_aux: 'Evil' }],
  damaged: 'no entry' as never,
};

let fake: FakeComfy;
let studio: TestStudio;
let server: string;

async function start(manager: Partial<FakeManagerOptions> | null) {
  fake = await FakeComfy.start();
  fake.manager = manager && new FakeManager({ by: 'queue', packs: PACKS, ...manager });
  studio = await startStudio({ engines: [] });
  ({ id: server } = await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } }));
  await expect.poll(async () => (await packs())?.error).toBeNull();
}

afterEach(async () => {
  await studio.close();
  await fake.close();
});

const packs = async () => (await studio.client.call('listPacks', {}))[0];
const packOf = async (node: string) => (await packs())?.packs.find(({ classes }) => classes.includes(node));
const add = (...classes: string[]) => {
  const more = classes.map((class_type, n) => [`${20 + n}`, { class_type, inputs: {} }]);
  const workflow = { ...textGraph(), ...Object.fromEntries(more) };
  return studio.client.call('addWorkflow', { body: { name: 'odd', workflow } });
};
const install = (pack: string) => studio.client.call('installPack', { body: { server, pack } });

describe('a missing node class', () => {
  it('names the pack that has it, in the preview, in the list and in the refusal of a task', async () => {
    await start({});
    const { id, servers } = await add('GlitterSampler', 'SparkSampler');
    const glitter = {
      name: 'GlitterSampler',
      source: GLITTER,
      pack: GLITTER,
      command: `python custom_nodes/ComfyUI-Manager/cm-cli.py install ${GLITTER}`,
      cure: {
        en: expect.stringContaining('also in ComfyUI-Bundle'),
        zh: expect.stringContaining('ComfyUI-Bundle'),
      },
    };
    const spark = {
      name: 'SparkSampler',
      pack: 'comfyui-spark',
      source: 'https://registry.comfy.org/nodes/comfyui-spark',
    };
    expect(servers[0]?.missing).toMatchObject([glitter, spark]);
    expect(await packOf('GlitterSampler')).toMatchObject({ pack: GLITTER, families: [id], installed: false });
    await expect(studio.client.call('generate', { body: { prompt: 'x', family: id } })).rejects.toMatchObject(
      {
        code: 'models_missing',
        message: expect.stringContaining('ComfyUI-Glitter'),
      },
    );
  });

  it.each([
    ['of a newer ComfyUI', 'FutureNode'],
    ['whose pack has no proper address', 'EvilNode'],
    ['that nobody knows', 'NoNode'],
    ['with spaces and dots that nobody knows', 'no node 1.5'],
  ])('%s has no pack and no command', async (_, node) => {
    await start({});
    const { servers } = await add(node);
    expect(servers[0]?.missing[0]).toMatchObject({
      name: node,
      cure: { en: expect.stringContaining('Update ComfyUI') },
    });
    expect(servers[0]?.missing[0]).not.toHaveProperty('command');
    const { cure } = (await packOf(node)) ?? {};
    expect(await packOf(node)).toMatchObject({ pack: null, source: null });
    expect(cure?.en).toContain('No pack is known');
  });

  it('of ComfyUI itself is cured by the version that has it, not by a pack', async () => {
    await start({ packs: { ...PACKS, [GLITTER]: [['ManualSigmas'], { title_aux: 'ComfyUI-Glitter' }] } });
    const { servers } = await add('ManualSigmas', 'NoNode');
    const cure = { en: expect.stringContaining('Update ComfyUI to 0.7.0 or newer') };
    expect(servers[0]?.missing[0]).toMatchObject({ name: 'ManualSigmas', cure });
    // Together with those that other models need.
    const all = { pack: null, source: null, cure: { en: expect.stringMatching(/Update ComfyUI to \d/) } };
    expect(await packOf('ManualSigmas')).toMatchObject(all);
    expect((await packOf('NoNode'))?.cure.en).toContain('No pack is known');
  });

  it('of a pack that Limner knows has its command without ComfyUI-Manager too', async () => {
    await start(null);
    const { servers } = await add('DWPreprocessorOfNoPack');
    expect(servers[0]?.missing).toHaveLength(1);
    expect(await packs()).toMatchObject({ manager: null });
    await expect(install(GLITTER)).rejects.toMatchObject({ code: 'pack_unknown' });
  });
});

describe('an installation', () => {
  it.each(['queue', 'tasks', 'batch'] as const)(
    'over %s is asked for and followed until the restart',
    async (by) => {
      await start({ by });
      await add('GlitterSampler', 'SparkSampler');
      await install(GLITTER);
      await expect.poll(async () => (await packs())?.working).toBe(true);
      expect(fake.manager?.asked[0]).toMatchObject({
        id: 'ComfyUI-Glitter',
        version: 'unknown',
        files: [GLITTER],
      });
      const manager = fake.manager as FakeManager;
      manager.installed = { 'ComfyUI-Glitter': { aux_id: 'someone/ComfyUI-Glitter' } };
      manager.working = false;
      expect(await packOf('GlitterSampler')).toMatchObject({ installed: true, problem: null });
      await install('comfyui-spark');
      expect(manager.asked[1]).toMatchObject({ id: 'comfyui-spark', selected_version: 'latest' });
    },
  );

  it('that left nothing says so', async () => {
    await start({});
    await add('GlitterSampler');
    await install(GLITTER);
    (fake.manager as FakeManager).working = false;
    expect((await packOf('GlitterSampler'))?.problem?.en).toContain('is not there');
  });

  it('that is forbidden there is refused with the reason, and one that nobody needs is not asked for', async () => {
    await start({ forbids: true });
    await add('GlitterSampler');
    await expect(install(GLITTER)).rejects.toMatchObject({
      code: 'pack_unavailable',
      message: expect.stringContaining('security_level'),
    });
    await expect(install('https://github.com/evil/pack')).rejects.toMatchObject({ code: 'pack_unknown' });
    expect(fake.manager?.asked).toEqual([]);
  });
});
