// @vitest-environment happy-dom
import { emptyRecipe, type Output, Recipe, type Task } from '@limner/contract';
import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { restoreCutOut, useCutOutChoice } from '../../state/cut-out-choice.ts';
import { useNotices } from '../../state/notices.ts';
import type { PictureRef } from '../../state/picture-ref.ts';
import { useQueue } from '../../state/queue.ts';
import { useStudio } from '../../state/studio.ts';
import { recipeText } from '../../state/task-actions.ts';
import { receiveEvents, receiveList, receiveTask, useTasks } from '../../state/tasks.ts';
import {
  eventOf,
  familyOf,
  frameOf,
  laneOf,
  outputOf,
  taskOf,
  waitingOf,
} from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { TaskDetail } from './task-detail.tsx';

const onClose = vi.fn();

function Drawer({ first }: { first: PictureRef }) {
  const [shown, setShown] = useState(first);
  return <TaskDetail shown={shown} onShow={setShown} onClose={onClose} />;
}

/** Ids are not used twice: the store remembers tasks that were deleted. */
let lastId = 100;

async function drawerOf(over: Partial<Task>, language: 'en' | 'zh' = 'en', frame = 0): Promise<Task> {
  const task = taskOf({ id: lastId++, ...over });
  receiveTask(task);
  await renderPage(<Drawer first={{ task: task.id, frame }} />, { language });
  return task;
}

const done = (task: number, index: number, outputs: Output[] = [outputOf(task, index)]) =>
  frameOf(index, {
    status: 'completed',
    progress: 1,
    output: outputs[0] ?? null,
    outputs,
    started_at: '2026-05-04T10:00:02.000Z',
    completed_at: '2026-05-04T10:00:05.000Z',
  });

const outOfMemory = (index: number) =>
  frameOf(index, {
    status: 'failed',
    tries: 3,
    error: { code: 'out_of_memory', message: '', data: { engine: 'Attic' } } as never,
  });

beforeEach(() => useStudio.setState({ families: [familyOf()], loaded: true }));

afterEach(() => {
  onClose.mockReset();
  useQueue.setState({ lanes: [], places: new Map(), askedMs: 0 });
});

describe('a clean-up by age', () => {
  const expires_at = '2026-05-11T10:00:00.000Z';

  test.each([
    ['en', /^cleaned up .*2026.* unless starred$/],
    ['zh', /^2026.* 清理，加星标可保留$/],
  ] as const)('is announced in %s with its date', async (language, words) => {
    const id = lastId;
    await drawerOf({ status: 'completed', frames: [done(id, 0)], expires_at }, language);
    expect(screen.getByText(words)).toBeDefined();
  });

  test('is not mentioned where pictures are kept', async () => {
    const id = lastId;
    await drawerOf({ status: 'completed', frames: [done(id, 0)] });
    expect(screen.queryByText(/cleaned up/)).toBeNull();
  });

  test('is announced as soon as a star is taken away', async () => {
    const id = lastId;
    const { version } = await drawerOf({ status: 'completed', frames: [done(id, 0)], stars: 1 });
    act(() => receiveEvents([eventOf(version + 1, { id, status: 'completed', expires_at })]));
    expect(await screen.findByText(/^cleaned up/)).toBeDefined();
  });
});

describe('each state', () => {
  test('queued: its place in the queue and when it starts', async () => {
    const id = lastId;
    serve({ listLanes: () => [laneOf({ waiting: [waitingOf(id, 3, { low: 14, high: 14 })] })] });
    await drawerOf({ status: 'queued' });
    expect(await screen.findByText(/^3rd in the queue, starts in about 14 s/)).toBeDefined();
    expect(screen.getByText('Queued', { selector: 'header span' })).toBeDefined();
  });

  test('queued, without a time where nothing was measured', async () => {
    const id = lastId;
    serve({ listLanes: () => [laneOf({ waiting: [waitingOf(id, 3)] })] });
    await drawerOf({ status: 'queued' });
    expect((await screen.findByText(/^3rd in the queue/)).textContent).not.toMatch(/\d+ s/);
  });

  test('running: how far it is, and one button that cancels it', async () => {
    const server = serve({
      cancelTask: ({ params }) => taskOf({ id: Number(params.id), status: 'cancelled', version: 9 }),
    });
    const task = await drawerOf({
      status: 'running',
      frames: [frameOf(0, { status: 'running', progress: 0.4 }), frameOf(1)],
    });
    expect(screen.getByLabelText('Picture 1, 40 per cent')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel all' }));
    await waitFor(() => expect(server.received('cancelTask')[0]?.params.id).toBe(String(task.id)));
    await screen.findByText('Cancelled', { selector: 'header span' });
  });

  test('running, while it waits on its server: behind how many prompts, in the badge, the picture and the strip', async () => {
    const frames = [0, 1].map((index) => frameOf(index, { status: 'running', waits_behind: index + 2 }));
    await drawerOf({ status: 'running', waits_behind: 2, frames });
    const behind = 'waits on the server behind 2 prompts';
    expect(screen.getByText(behind, { selector: 'header span' })).toBeDefined();
    expect(screen.getByRole('group', { name: `Picture 1, ${behind}` }).textContent).toContain(behind);
    expect(
      screen.getByRole('button', { name: 'Picture 2, waits on the server behind 3 prompts' }),
    ).toBeDefined();
    expect(screen.queryByText(/Painting|left/)).toBeNull();
  });

  test('running: its preview is not asked for any more once a list says that it has ended', async () => {
    const id = lastId;
    const preview_url = `/api/tasks/${id}/frames/0/preview?v=5`;
    const task = await drawerOf({
      status: 'running',
      frames: [frameOf(0, { status: 'running', progress: 0.4, preview_url })],
    });
    const previews = () =>
      [...document.querySelectorAll('img')].filter(({ src }) => src.includes('/preview'));
    expect(previews()).toHaveLength(1);
    // As after a lost connection: the list is loaded before the frames.
    act(() => receiveList([{ ...task, status: 'completed', version: task.version + 1 }]));
    expect(previews()).toHaveLength(0);
  });

  test('failed: the reason, what cures it, how often it was tried, and the way on', async () => {
    const server = serve({
      retryFrame: ({ params }) => taskOf({ id: Number(params.id), status: 'queued', version: 9 }),
    });
    const task = await drawerOf({ status: 'failed', frames: [outOfMemory(0)] });
    const reason = screen.getAllByText(/out of memory/i)[0];
    expect(reason?.textContent?.length).toBeGreaterThan(30);
    expect(screen.getAllByText(/Tried 3 times/).length).toBeGreaterThan(0);
    await userEvent.click(screen.getAllByRole('button', { name: /Retry/ })[0] as HTMLElement);
    await waitFor(() =>
      expect(server.received('retryFrame')[0]?.params).toEqual({ id: String(task.id), index: '0' }),
    );
  });

  test('failed before any picture was begun: the reason of the task', async () => {
    serve({});
    await drawerOf({
      status: 'failed',
      frames: [frameOf(0, { status: 'cancelled' })],
      error: { code: 'image_not_found', message: '', data: { ref: 'u7' } } as never,
    });
    expect(screen.getByText(/There is no picture "u7"/)).toBeDefined();
  });

  test('partial: how many pictures of how many, which failed and why', async () => {
    serve({});
    const id = lastId;
    await drawerOf({
      status: 'partial',
      frames: [done(id, 0), outOfMemory(1), done(id, 2)],
      output_paths: ['a', 'b'],
    });
    expect(screen.getByText('Partial, 2 of 3')).toBeDefined();
    expect(screen.getByText(/^Picture 2: /)).toBeDefined();
  });

  test('partial with several outputs a frame: the frames are counted, not the files', async () => {
    serve({});
    const id = lastId;
    const three = (frame: number) => [0, 1, 2].map((place) => outputOf(id, frame, place));
    await drawerOf({
      status: 'partial',
      frames: [done(id, 0, three(0)), done(id, 1, three(1)), outOfMemory(2)],
      output_paths: ['a', 'b', 'c', 'd', 'e', 'f'],
    });
    expect(screen.getByText('Partial, 2 of 3')).toBeDefined();
  });

  test('cancelled: one button brings the missing ones back', async () => {
    const server = serve({ retryTask: ({ params }) => taskOf({ id: Number(params.id), version: 9 }) });
    const id = lastId;
    await drawerOf({
      status: 'cancelled',
      frames: [done(id, 0), frameOf(1, { status: 'cancelled' }), frameOf(2, { status: 'cancelled' })],
    });
    await userEvent.click(screen.getByRole('button', { name: 'Retry the 2 missing pictures' }));
    await waitFor(() => expect(server.received('retryTask')).toHaveLength(1));
  });
});

describe('what a finished task shows', () => {
  test('several outputs of one frame, each to be chosen', async () => {
    serve({});
    const id = lastId;
    const outputs = [0, 1, 2].map((place) => outputOf(id, 0, place));
    await drawerOf({ status: 'completed', frames: [done(id, 0, outputs)], output_paths: ['a', 'b', 'c'] });
    expect(screen.getByText('1 / 3')).toBeDefined();
    const strip = screen.getByRole('list', { name: 'Pictures of this task' });
    await userEvent.click(within(strip).getByRole('button', { name: /^Picture 1\.3/ }));
    expect(screen.getByText('3 / 3')).toBeDefined();
    expect(
      within(strip)
        .getByRole('button', { name: /^Picture 1\.3/ })
        .getAttribute('aria-pressed'),
    ).toBe('true');
  });

  test('how the chosen picture was made, not the first', async () => {
    serve({});
    const id = lastId;
    const made = (frame: number, en: string) => ({
      ...outputOf(id, frame),
      provenance: { engine: 'starter', family: 'starter', summary: { en, zh: `${en}（中文）` }, details: {} },
    });
    await drawerOf(
      {
        status: 'completed',
        frames: [done(id, 0, [made(0, 'From a key')]), done(id, 1, [made(1, 'From a gate')])],
      },
      'en',
      1,
    );
    expect(screen.getByText('From a gate')).toBeDefined();
    expect(screen.queryByText('From a key')).toBeNull();
  });

  test('the values of a workflow, each by its name', async () => {
    serve({});
    const id = lastId;
    const params = { steps: 9, inputs: { colour: 'red', depth: 3 } };
    const task = await drawerOf({ status: 'completed', params, frames: [done(id, 0)] });
    expect(screen.getByText('colour').nextElementSibling?.textContent).toBe('red');
    expect(screen.getByText('depth').nextElementSibling?.textContent).toBe('3');
    expect(document.body.textContent).not.toContain('[object');
    expect(recipeText(task, done(id, 0), { model: 'Large', families: [] })).toContain(
      'Steps: 9, Colour: red, Depth: 3, Seed: 0',
    );
  });

  test('the recipe goes into the form with the seed of the shown picture', async () => {
    serve({ resolvePictures: () => [] });
    const id = lastId;
    const task = taskOf({
      recipe: {
        ...emptyRecipe('generation'),
        type: 'txt2img',
        family: 'starter',
        prompt: 'a gate',
        width: 512,
        height: 512,
      },
      prompt: 'a gate',
    });
    await drawerOf(
      { ...task, id, status: 'completed', frames: [done(id, 0), { ...done(id, 1), seed: 77 }] },
      'en',
      1,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Use this recipe' }));
    const { useDraft } = await import('../../state/draft/draft.ts');
    await waitFor(() => expect(useDraft.getState()).toMatchObject({ prompt: 'a gate', seed: 77 }));
  });

  test('the words drawn for the shown picture stand below the prompt', async () => {
    const drawn = (word: string) => ({
      prompt: `a ${word} gate`,
      negative_prompt: '',
      loras: [],
      choices: [],
    });
    const id = lastId;
    await drawerOf(
      {
        prompt: 'a {red|blue} gate',
        frames: [
          { ...done(id, 0), drawn: drawn('red') },
          { ...done(id, 1), drawn: drawn('blue') },
        ],
      },
      'en',
      1,
    );
    screen.getByText('a {red|blue} gate');
    screen.getByText('a blue gate');
    expect(screen.queryByText('a red gate')).toBeNull();
  });

  test('a picture of a grid leads to its grid', async () => {
    serve({});
    const id = lastId;
    await drawerOf({ status: 'completed', frames: [done(id, 0)], grid: { id: 4, x: 0, y: 1, z: 0 } });
    expect(screen.getByRole('link', { name: 'Grid 4' }).getAttribute('href')).toBe('/grids/4');
  });

  test('the drawn words go into the form as plain text, with the rest of the recipe', async () => {
    const [{ useDraft }, { useStudio }] = await Promise.all([
      import('../../state/draft/draft.ts'),
      import('../../state/studio.ts'),
    ]);
    const loras = [{ name: 'ink.safetensors', weight: 0.8 }];
    useStudio.setState({ families: [familyOf({ loras: true })] });
    serve({ missingForRecipe: () => [] });
    const id = lastId;
    const task = taskOf({ prompt: 'a {red|blue} {gate}' });
    const drawn = { prompt: 'a blue {gate}', negative_prompt: '', loras, choices: [] };
    const frames = [done(id, 0), { ...done(id, 1), seed: 77, drawn }];
    await drawerOf({ ...task, id, status: 'completed', frames }, 'en', 1);
    await userEvent.click(screen.getByRole('button', { name: 'Use drawn text' }));
    await waitFor(() =>
      expect(useDraft.getState()).toMatchObject({ prompt: 'a blue \\{gate\\}', seed: 77, count: 1, loras }),
    );
  });

  test('the copied recipe has the drawn words', () => {
    const drawn = { prompt: 'a blue gate', negative_prompt: 'dull', loras: [], choices: [] };
    const task = taskOf({ prompt: 'a {red|blue} gate', negative_prompt: '{dull|dark}' });
    expect(recipeText(task, { ...done(1, 0), drawn }, { model: 'Large', families: [] })).toMatch(
      /^a blue gate\nNegative prompt: dull\n/,
    );
  });

  test('Escape closes the drawer', async () => {
    serve({});
    const id = lastId;
    await drawerOf({ status: 'completed', frames: [done(id, 0)] });
    await userEvent.keyboard('{Escape}');
    expect(onClose).toHaveBeenCalledOnce();
  });

  test('a task that is gone says so', async () => {
    serve({});
    await renderPage(<Drawer first={{ task: 4_000, frame: 0 }} />);
    await waitFor(() => expect(document.body.textContent).toMatch(/HTTP 404|no task/));
    expect(useTasks.getState().entries[4_000]).toBeUndefined();
  });
});

test('the drawer speaks Chinese', async () => {
  serve({});
  const id = lastId;
  await drawerOf({ status: 'partial', frames: [done(id, 0), outOfMemory(1)], output_paths: ['a'] }, 'zh');
  expect(screen.getByText('部分完成，1 / 2')).toBeDefined();
  expect(screen.getByText(/显存|内存/)).toBeDefined();
});

test('the model is called as the engine calls it that made the picture, whichever serves it now', async () => {
  serve({});
  const id = lastId;
  const label = (name: string) => ({ en: name, zh: name });
  const entry = { available: true, missing: [], lane: 'x', at_once: 1 };
  useStudio.setState({
    families: [
      familyOf({
        id: 'cutout',
        kind: 'remove_bg',
        label: label('Cut out (BiRefNet)'),
        engines: [
          { ...entry, engine: 'comfy', label: label('Cut out (BiRefNet)') },
          { ...entry, engine: 'cutout', label: label('Cut-out (built in)') },
        ],
      }),
    ],
  });
  const choice = { family: 'cutout', engine: 'cutout', why: 'best', note: label(''), ignored: [] } as const;
  await drawerOf({
    task_kind: 'remove_bg',
    family: 'cutout',
    status: 'completed',
    frames: [done(id, 0)],
    choice: { ...choice, ignored: [] },
  });
  expect(screen.getByText('Cut-out (built in)')).toBeDefined();
  expect(screen.queryByText('Cut out (BiRefNet)')).toBeNull();
});

test('a picture says what made it in the words stored with it, also when the engine and the model are gone', async () => {
  serve({});
  const id = lastId;
  const label = (name: string) => ({ en: name, zh: name });
  useStudio.setState({
    families: [familyOf({ id: 'workflow-x', kind: 'remove_bg', label: label('Renamed') })],
  });
  const labels = { engine: label('ComfyUI'), family: label('My cut-out'), model: label('Fine hair') };
  const frame = done(id, 0);
  const provenance = { engine: 'comfy', family: 'workflow-x', summary: label('Made.'), details: {}, labels };
  const choice = {
    family: 'workflow-x',
    engine: 'comfy',
    why: 'asked',
    note: label(''),
    ignored: [],
  } as const;
  await drawerOf({
    task_kind: 'remove_bg',
    family: 'workflow-x',
    status: 'completed',
    frames: [{ ...frame, output: frame.output && { ...frame.output, provenance } }],
    choice: { ...choice, ignored: [] },
  });
  expect(screen.getByText('My cut-out: Fine hair')).toBeDefined();
  expect(screen.getByText('ComfyUI')).toBeDefined();
  expect(screen.queryByText('Renamed')).toBeNull();
});

test('the recipe of a cut-out is used again on its page: its model is chosen, or the one in its place is named', async () => {
  serve({});
  const id = lastId;
  const label = (name: string) => ({ en: name, zh: name });
  const gone = { what: 'server', name: 'No server', cure: label('Add one.') } as const;
  const choices = [
    { value: 'auto', label: label('Automatic'), engine: 'cutout', missing: [] },
    { value: 'person', label: label('Person'), engine: 'cutout', missing: [] },
    { value: 'birefnet', label: label('Everything'), engine: 'comfy', missing: [gone] },
  ];
  const model = { key: 'model', type: 'choice', default: 'auto', choices, effect: true } as const;
  const offer = (licence: string) =>
    familyOf({ id: 'remove-background', kind: 'remove_bg', params: [model], available: true, licence });
  useStudio.setState({ families: [offer('MIT')] });
  const cutOut = (model?: string) =>
    Recipe.parse({ kind: 'remove_bg', family: 'remove-background', input_image: 'u', params: { model } });
  restoreCutOut({ id, recipe: cutOut('person') });
  expect(useCutOutChoice.getState()).toEqual({ shown: id, model: 'person' });
  restoreCutOut({ id, recipe: cutOut('birefnet') });
  const notice = () => useNotices.getState().notices.at(-1)?.text;
  expect(notice()).toBe('Everything cannot be used now. Automatic is chosen instead.');
  restoreCutOut({ id, recipe: cutOut() });
  expect(notice()).not.toContain('cannot be used');
  // One with conditions is only used by choice.
  useStudio.setState({ families: [offer('FLUX.1 dev, non-commercial')] });
  restoreCutOut({ id, recipe: cutOut('birefnet') });
  expect(notice()).toBe('Everything cannot be used now. Choose another model.');
});
