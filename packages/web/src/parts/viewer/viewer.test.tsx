// @vitest-environment happy-dom
import type { Language, Output } from '@limner/contract';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useQuestion } from '../../state/ask.ts';
import type { PictureRef } from '../../state/picture-ref.ts';
import { closeViewer, openPicture, useViewer } from '../../state/shown-picture.ts';
import { useStudio } from '../../state/studio.ts';
import { receiveTask, useTasks } from '../../state/tasks.ts';
import { familyOf, frameOf, outputOf, taskOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { Refused, serve } from '../../testing-server.ts';
import { useViewerAddress } from './use-viewer-address.ts';
import Viewer from './viewer.tsx';

function Page() {
  useViewerAddress();
  const viewing = useViewer((state) => state.shown !== null);
  return viewing ? <Viewer /> : <p>the page</p>;
}

const done = (task: number, index: number, outputs: Output[] = [outputOf(task, index)]) =>
  frameOf(index, { status: 'completed', progress: 1, output: outputs[0] ?? null, outputs });

/** Ids are not used twice: the store remembers tasks that were deleted. */
let lastId = 500;

function taskWith(frames: (id: number) => ReturnType<typeof frameOf>[], over = {}) {
  const id = lastId++;
  const made = frames(id);
  const task = taskOf({
    id,
    status: 'completed',
    frames: made,
    output_paths: made.flatMap(({ outputs }) => outputs.map(({ url }) => url)),
    ...over,
  });
  receiveTask(task);
  return task;
}

const two = () => taskWith((id) => [done(id, 0), done(id, 1)]);

async function view(picture: PictureRef, ids: number[] | null = null, language: Language = 'en') {
  await renderPage(<Page />, { language });
  act(() => openPicture(picture, ids));
  await waitFor(() => expect(location.search).toContain('viewer='));
}

const viewer = () => screen.getByRole('dialog');
const shownTitle = () => viewer().getAttribute('aria-label');

beforeEach(() => {
  serve({});
  useStudio.setState({ families: [familyOf()], loaded: true });
});

afterEach(() => {
  // Taken away first: otherwise closing goes back in the history of the next test.
  cleanup();
  closeViewer();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('what is shown', () => {
  test('the picture, its place among the others and its prompt', async () => {
    const task = two();
    await view({ task: task.id, frame: 1 });
    expect(shownTitle()).toBe('Picture 2 of 2');
    expect(within(viewer()).getByRole('heading').textContent).toBe('a red dragon');
    const large = within(viewer()).getByAltText('a red dragon, picture 2');
    expect(large.getAttribute('src')).toContain(`${task.id}_1.png`);
  });

  test('all outputs of a frame, each chosen from the strip', async () => {
    const task = taskWith((id) => [
      done(
        id,
        0,
        [0, 1, 2].map((place) => outputOf(id, 0, place)),
      ),
    ]);
    await view({ task: task.id, frame: 0, place: 0 });
    const strip = within(viewer()).getByRole('list', { name: 'Pictures of this task' });
    expect(within(strip).getAllByRole('button')).toHaveLength(3);
    await userEvent.click(within(strip).getByRole('button', { name: 'Show picture 1.2' }));
    expect(shownTitle()).toBe('Picture 2 of 3');
    expect(location.search).toBe(`?viewer=${task.id}_0_1`);
  });

  test('a file that is no picture, by its kind, with a button that saves it', async () => {
    const clip = (id: number) => ({
      ...outputOf(id, 0),
      url: `/outputs/${id}_0.flac`,
      media_type: 'audio/flac',
    });
    const task = taskWith((id) => [done(id, 0, [clip(id)]), done(id, 1)]);
    await view({ task: task.id, frame: 0 });
    expect(within(viewer()).getAllByText('Sound (FLAC)')).not.toHaveLength(0);
    expect([...viewer().querySelectorAll('img')].filter(({ src }) => src.includes('flac'))).toEqual([]);
    const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    await userEvent.click(within(viewer()).getAllByRole('button', { name: 'Download' })[0] as HTMLElement);
    expect(saved.mock.contexts.map((link) => (link as HTMLAnchorElement).pathname)).toEqual([
      `/outputs/${task.id}_0.flac`,
    ]);
    expect(within(viewer()).queryByRole('button', { name: 'Use as input' })).toBeNull();
  });

  test('how the shown picture was made, beside it', async () => {
    const provenance = (en: string) => ({
      engine: 'starter',
      family: 'starter',
      summary: { en, zh: en },
      details: {},
    });
    const task = taskWith((id) => [
      done(id, 0, [{ ...outputOf(id, 0), provenance: provenance('From a key') }]),
      done(id, 1, [{ ...outputOf(id, 1), provenance: provenance('From a gate') }]),
    ]);
    await view({ task: task.id, frame: 0 });
    await userEvent.keyboard('i');
    expect(screen.getByText('From a key')).toBeDefined();
    await userEvent.keyboard('{ArrowRight}');
    expect(screen.getByText('From a gate')).toBeDefined();
    expect(screen.queryByText('From a key')).toBeNull();
  });
});

describe('walking', () => {
  test('through the batch, past frames without a picture, and on to the next task', async () => {
    const [older, newer] = [
      two(),
      taskWith((id) => [done(id, 0), frameOf(1, { status: 'failed' }), done(id, 2)]),
    ];
    await view({ task: newer.id, frame: 0 }, [newer.id, older.id]);
    await userEvent.keyboard('{ArrowRight}');
    expect(useViewer.getState().shown).toEqual({ task: newer.id, frame: 2 });
    await userEvent.click(screen.getByRole('button', { name: 'Next picture' }));
    await waitFor(() => expect(useViewer.getState().shown).toEqual({ task: older.id, frame: 0 }));
    await userEvent.keyboard('{ArrowLeft}');
    await waitFor(() => expect(useViewer.getState().shown).toEqual({ task: newer.id, frame: 2 }));
  });

  test('does not ask again for what it holds, and stays at the last', async () => {
    const task = two();
    await view({ task: task.id, frame: 1 }, [task.id]);
    await userEvent.keyboard('{ArrowRight}');
    expect(useViewer.getState().shown).toEqual({ task: task.id, frame: 1 });
  });
});

describe('what is done with it', () => {
  test('a star is shown at once and sent to the server', async () => {
    const task = two();
    const server = serve({ starOutputs: () => ({ changed: 1 }) });
    await view({ task: task.id, frame: 1 });
    await userEvent.keyboard('s');
    expect(screen.getByRole('button', { name: 'Remove the star' })).toBeDefined();
    await waitFor(() =>
      expect(server.received('starOutputs')[0]?.body).toMatchObject({
        outputs: [`${task.id}_1`],
        starred: true,
      }),
    );
  });

  test('the picture goes to the clipboard as PNG, by P and by Ctrl+C', async () => {
    const copied: unknown[] = [];
    vi.stubGlobal('fetch', async () => new Response(new Blob(['png'], { type: 'image/png' })));
    vi.stubGlobal(
      'ClipboardItem',
      class {
        readonly held: Record<string, Promise<Blob>>;
        constructor(held: Record<string, Promise<Blob>>) {
          this.held = held;
        }
      },
    );
    const write = async ([item]: { held: Record<string, Promise<Blob>> }[]) => {
      copied.push((await item?.held['image/png'])?.type);
    };
    vi.spyOn(navigator.clipboard, 'write').mockImplementation(write as never);
    const task = two();
    await view({ task: task.id, frame: 0 });
    await userEvent.keyboard('p');
    expect(await screen.findByText('Picture copied as PNG.')).toBeDefined();
    fireEvent.keyDown(viewer(), { key: 'c', ctrlKey: true });
    await waitFor(() => expect(copied).toEqual(['image/png', 'image/png']));
  });

  test('a browser that refuses the clipboard is reported in a sentence', async () => {
    vi.spyOn(navigator.clipboard, 'write').mockRejectedValue(new Error('NotAllowedError'));
    const task = two();
    await view({ task: task.id, frame: 0 });
    await userEvent.keyboard('p');
    expect((await screen.findByRole('alert')).textContent).toContain('does not let Limner copy pictures');
  });

  test('a refused star is taken back with a sentence', async () => {
    const task = two();
    serve({ getTask: () => task });
    await view({ task: task.id, frame: 1 });
    await userEvent.keyboard('s');
    expect(await screen.findByRole('alert')).toBeDefined();
    await screen.findByRole('button', { name: 'Star' });
  });

  const bin = (days: number) => ({ items: [], next_before: null, count: 0, size_bytes: 0, days });

  test('a deleted picture is deleted at once, makes room for its neighbour, and Undo restores it', async () => {
    const task = two();
    const server = serve({
      listBin: () => bin(30),
      deleteOutput: () => null,
      restoreFromBin: () => ({ restored: 1, tasks: [task.id] }),
      getTask: () => ({ ...task, version: task.version + 2 }),
    });
    await view({ task: task.id, frame: 0 });
    await userEvent.keyboard('{Delete}{Delete}');
    await waitFor(() => expect(useViewer.getState().shown).toEqual({ task: task.id, frame: 1 }));
    expect(server.received('deleteOutput').map(({ params }) => params.id)).toEqual([`${task.id}_0`]);
    expect(useTasks.getState().entries[task.id]?.detail?.frames).toHaveLength(1);
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await screen.findByText('Restored.');
    expect(server.received('restoreFromBin')[0]?.body).toMatchObject({ outputs: [`${task.id}_0`] });
    expect(useTasks.getState().entries[task.id]?.detail?.frames).toHaveLength(2);
  });

  test('without a bin a picture is deleted after a question, and nothing promises to undo it', async () => {
    const task = two();
    const server = serve({ listBin: () => bin(0), deleteOutput: () => null });
    await view({ task: task.id, frame: 0 });
    await userEvent.keyboard('{Delete}');
    await waitFor(() =>
      expect(useQuestion.getState().question).toMatchObject({
        title: 'Delete this picture?',
        lines: ['This cannot be undone.'],
      }),
    );
    expect(server.received('deleteOutput')).toEqual([]);
    act(() => useQuestion.getState().answer(true));
    await screen.findByText('Picture deleted.');
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
    expect(server.received('deleteOutput')).toHaveLength(1);
  });

  test('a picture that another task still needs stays, with the reason', async () => {
    const task = two();
    serve({
      listBin: () => bin(30),
      deleteOutput: () => {
        throw new Refused(409, { code: 'picture_in_use', data: { task: 7 } });
      },
    });
    await view({ task: task.id, frame: 0 });
    await userEvent.keyboard('{Delete}');
    expect((await screen.findByRole('alert')).textContent).toMatch(/still needs this picture/);
    expect(useViewer.getState().shown).toEqual({ task: task.id, frame: 0 });
    expect(useTasks.getState().entries[task.id]?.detail?.frames).toHaveLength(2);
  });
});

describe('closing', () => {
  test('Back closes it and leaves the page', async () => {
    const task = two();
    await renderPage(<Page />, { address: '/history?text=key' });
    act(() => openPicture({ task: task.id, frame: 0 }));
    await waitFor(() => expect(location.search).toBe(`?text=key&viewer=${task.id}_0`));
    act(() => history.back());
    await screen.findByText('the page');
    expect(location.pathname + location.search).toBe('/history?text=key');
  });

  test('Escape closes it, and Back does not open it again', async () => {
    const task = two();
    await renderPage(<Page />);
    act(() => openPicture({ task: task.id, frame: 0 }));
    await waitFor(() => expect(location.search).toContain('viewer='));
    await userEvent.keyboard('{Escape}');
    await screen.findByText('the page');
    await waitFor(() => expect(location.search).toBe(''));
  });

  test('a picture deleted in another window closes it', async () => {
    const task = two();
    await view({ task: task.id, frame: 0 }, [task.id]);
    act(() => {
      const { [task.id]: _, ...entries } = useTasks.getState().entries;
      useTasks.setState({ entries });
    });
    await screen.findByText('the page');
  });

  test('an address with a picture opens it', async () => {
    const task = two();
    await renderPage(<Page />, { address: `/?viewer=${task.id}_1` });
    expect(await screen.findByRole('dialog', { name: 'Picture 2 of 2' })).toBeDefined();
  });
});

test('a picture is laid beside itself by a button and by T, and the next one too', async () => {
  const task = two();
  await view({ task: task.id, frame: 0 });
  const toggle = await screen.findByRole('button', { name: 'Beside itself, 3 × 3' });
  await userEvent.click(toggle);
  expect(toggle.getAttribute('aria-pressed')).toBe('true');
  const tiled = () => screen.queryByRole('img', { name: /laid beside itself/ });
  expect(tiled()?.style.backgroundImage).toContain(task.frames[0]?.output?.url);
  await userEvent.keyboard('{ArrowRight}');
  await waitFor(() => expect(tiled()?.style.backgroundImage).toContain(task.frames[1]?.output?.url));
  await userEvent.keyboard('t');
  expect(tiled()).toBeNull();
});

test('the keys of a list and of buttons stay with them while a video is shown', async () => {
  const film = (id: number): Output => ({
    ...outputOf(id, 0),
    url: `/outputs/${id}_0.mp4`,
    media_type: 'video/mp4',
    duration_ms: 2000,
  });
  const task = taskWith((id) => [done(id, 0, [film(id)])]);
  await view({ task: task.id, frame: 0 });
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
  const next = await screen.findByRole('button', { name: 'Next frame' });
  next.focus();
  await userEvent.keyboard(' ');
  expect(play).not.toHaveBeenCalled();
  viewer().focus();
  await userEvent.keyboard(' ');
  expect(play).toHaveBeenCalledOnce();

  const speed = within(viewer()).getByRole('combobox');
  speed.focus();
  fireEvent.mouseDown(speed);
  await waitFor(() => expect(speed.getAttribute('aria-expanded')).toBe('true'));
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).not.toBeNull();
});

test('the panel of layers is closed where a picture has none', async () => {
  const layer = (id: number, place: number): Output => ({ ...outputOf(id, 0, place), role: 'layer' });
  const task = taskWith((id) => [done(id, 0, [outputOf(id, 0), layer(id, 1), layer(id, 2)]), done(id, 1)]);
  await view({ task: task.id, frame: 0 });
  await userEvent.click(await screen.findByRole('button', { name: 'Layers' }));
  expect(await screen.findByRole('complementary', { name: 'Layers' })).toBeDefined();
  await userEvent.keyboard('{ArrowRight}');
  await waitFor(() => expect(shownTitle()).toBe('Picture 2 of 2'));
  expect(screen.queryByRole('complementary', { name: 'Layers' })).toBeNull();
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('the viewer speaks Chinese', async () => {
  const task = two();
  await view({ task: task.id, frame: 0 }, null, 'zh');
  expect(shownTitle()).toBe('第 1 张，共 2 张');
  expect(screen.getByRole('button', { name: '下载' })).toBeDefined();
});
