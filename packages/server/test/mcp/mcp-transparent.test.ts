/** Real alpha, pictures to begin with and ControlNet over `/mcp`. */
import { type Family, StudioError } from '@limner/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { FAMILIES, OpenAiEngine, pictureOf } from '../compat/openai-engine.ts';
import { untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { type McpClient, mcpClient, type Result } from './mcp-clients.ts';

const [painting, ...others] = FAMILIES as [Family, ...Family[]];
const guided: Family = { ...painting, controls: ['canny', 'depth'] };

let studio: TestStudio;
let engine: OpenAiEngine;
let client: McpClient;
/** What cut-outs do. */
let cutting: 'cuts' | 'is slow' | 'waits' | 'fails';
let release: () => void;
let released: Promise<void>;

beforeAll(async () => {
  engine = new OpenAiEngine(
    async (frame, { signal }) => {
      if (frame.kind !== 'remove_bg') {
        if (frame.prompt === 'slow') await released;
        return pictureOf(frame, frame.prompt === 'glass' ? 0.4 : 1);
      }
      if (cutting === 'is slow') await released;
      if (cutting === 'waits') return untilAborted(signal);
      if (cutting === 'fails') throw new StudioError('nothing_recognised', { data: { words: ['brush'] } });
      return pictureOf(frame, 0.4);
    },
    { families: [guided, ...others], tries: 1 },
  );
  studio = await startStudio({ engines: [engine] });
  client = await mcpClient('2026', studio.url);
});
afterAll(async () => {
  await client.close();
  await studio.close();
});
beforeEach(() => {
  cutting = 'cuts';
  released = new Promise<void>((resolve) => {
    release = resolve;
  });
  engine.runs.length = 0;
});

const kinds = () => engine.runs.map(({ request }) => request.kind);
const textOf = ({ content }: Result) => content[0]?.text ?? '';
const paint = (args: object) => client.call('generate_image', { prompt: 'a key', ...args });
const clear = { transparent: true };

it('cuts each opaque picture out, and gives the cut-outs with the seeds of their pictures', async () => {
  const made = await paint({ ...clear, count: 2, seed: 7 });
  const { task_id, pictures, cut_out_tasks } = made.structuredContent;
  expect(made.isError ?? false).toBe(false);
  expect(kinds().sort()).toEqual(['generation', 'generation', 'remove_bg', 'remove_bg']);
  expect(pictures).toMatchObject([
    { seed: 7, cut_from: `${task_id}_0` },
    { seed: 8, cut_from: `${task_id}_1` },
  ]);
  expect(cut_out_tasks).toHaveLength(2);
  expect(made.content.filter(({ type }) => type === 'image')).toHaveLength(2);
});

it('leaves a picture as it is that has transparent parts', async () => {
  const made = await paint({ ...clear, prompt: 'glass' });
  expect(kinds()).toEqual(['generation']);
  expect(made.structuredContent.pictures[0]?.id).toBe(`${made.structuredContent.task_id}_0`);
});

it('says how to go on when the time is over, and cuts nothing out twice', async () => {
  const left = await paint({ ...clear, prompt: 'slow', wait_seconds: 0 });
  const task = left.structuredContent.task_id;
  expect(textOf(left)).toContain(`Call remove_background with task ${task}`);
  release();
  const first = await client.call('remove_background', { task });
  expect(first.structuredContent.pictures).toMatchObject([{ cut_from: `${task}_0` }]);
  const second = await client.call('remove_background', { task });
  expect(second.structuredContent.pictures).toEqual(first.structuredContent.pictures);
  expect(kinds()).toEqual(['generation', 'remove_bg']);
});

it('cuts out once what several ask for at the same moment, and cancels it only with the call that began it', async () => {
  cutting = 'is slow';
  const { structuredContent } = await paint({ prompt: 'a key' });
  const { task_id: id } = structuredContent;
  const asked = await Promise.all(
    Array.from({ length: 8 }, () => studio.client.call('cutOutTask', { params: { id } })),
  );
  const [first] = asked.flat();
  expect(asked.flat().map(({ picture, task }) => [picture, task])).toEqual(
    Array(8).fill([`${id}_0`, first?.task]),
  );
  expect(asked.flat().filter(({ is_new }) => is_new)).toHaveLength(1);
  await expect.poll(kinds).toEqual(['generation', 'remove_bg']);

  const abort = new AbortController();
  await new Promise<void>((begun) => {
    const waits = { signal: abort.signal, onprogress: () => begun() };
    client.call('remove_background', { task: id }, waits).catch(() => {});
  });
  abort.abort();
  await client.call('get_task', { task_id: id });
  release();
  expect((await studio.ended(first?.task ?? 0)).status).toBe('completed');
});

it('cancels the cut-out with the call', async () => {
  cutting = 'waits';
  const abort = new AbortController();
  const waiting = client.call('generate_image', { prompt: 'a key', ...clear }, { signal: abort.signal });
  await expect.poll(kinds).toEqual(['generation', 'remove_bg']);
  abort.abort();
  await expect(waiting).rejects.toThrow();
  const [cut] = await studio.client.call('listTasks', { query: { kind: 'remove_bg', limit: 1 } });
  expect((await studio.ended(cut?.id ?? 0)).status).toBe('cancelled');
  const [painted] = await studio.client.call('listTasks', { query: { kind: 'generation', limit: 1 } });
  await cutAnew(painted?.id);
});

/** Whoever asks next gets a cut-out, once. */
async function cutAnew(task: number | undefined): Promise<void> {
  cutting = 'cuts';
  const made = await client.call('remove_background', { task });
  expect(made.structuredContent.pictures).toMatchObject([{ cut_from: `${task}_0` }]);
  const again = await client.call('remove_background', { task });
  expect(again.structuredContent.pictures).toEqual(made.structuredContent.pictures);
}

it('gives the reason of a cut-out that fails, and tries again when it is asked again', async () => {
  cutting = 'fails';
  const failed = await paint(clear);
  expect(failed.isError).toBe(true);
  expect(failed.structuredContent).toMatchObject({ status: 'failed', pictures: [] });
  expect(failed.structuredContent.failures).toEqual([
    { reason: expect.any(String), pictures: [`${failed.structuredContent.task_id}_0`] },
  ]);
  await cutAnew(failed.structuredContent.task_id);
});

it('begins with a picture and follows a control picture', async () => {
  const first = await paint({});
  const id = first.structuredContent.pictures[0]?.id;
  await paint({ image: id, strength: 0.3, negative_prompt: 'rust' });
  await paint({ image: id });
  await paint({ control: { type: 'canny', image: id, strength: 0.5 } });
  expect(engine.runs.slice(1).map(({ request }) => request)).toMatchObject([
    { type: 'img2img', params: { denoise: 0.3 }, negative_prompt: 'rust' },
    { type: 'img2img', params: { denoise: 0.65 } },
    { type: 'txt2img', controlnet: { type: 'canny', strength: 0.5, image: id } },
  ]);
  const { families } = (await client.call('list_families', {})).structuredContent;
  expect(families).toContainEqual(expect.objectContaining({ id: 'painting', controls: ['canny', 'depth'] }));
});

it.each([
  ['generate_image', { prompt: 'a key', transparent: 'yes' }, 'transparent must be true or false'],
  ['generate_image', { prompt: 'a key', strength: 0.5 }, 'strength needs image'],
  ['generate_image', { prompt: 'a key', image: '1_0', strength: 2 }, 'strength must be at most 1'],
  ['generate_image', { prompt: 'a key', image: '99_0' }, '99_0'],
  [
    'generate_image',
    { prompt: 'a key', control: { type: 'wave', image: '1_0' } },
    'control.type must be one of',
  ],
  ['generate_image', { prompt: 'a key', control: { type: 'canny' } }, 'control.image is required'],
  ['generate_image', { prompt: 'a key', control: { type: 'canny', image: '/etc/x' } }, 'cannot read files'],
  ['generate_image', { prompt: 'a key', negative_prompt: 7 }, 'negative_prompt must be a text'],
  ['generate_image', { prompt: 'a key', count: 5 }, 'count must be at most 4'],
  ['generate_image', { prompt: 'a key', seed: -1 }, 'seed'],
  [
    'generate_image',
    { prompt: 'a key', sise: 1 },
    'sise is not a known field. Arguments: prompt, negative_prompt',
  ],
  ['remove_background', {}, 'either image or task'],
  ['remove_background', { image: '1_0', task: 1 }, 'either image or task'],
  ['remove_background', { task: 999 }, 'There is no task 999'],
] as const)('refuses %s %j with the cure', async (tool, args, part) => {
  const refused = await client.call(tool, args);
  expect([refused.isError, textOf(refused)]).toEqual([true, expect.stringContaining(part)]);
});
