// @vitest-environment happy-dom
import { DEFAULT_COMFYUI_URL, type EngineHealth } from '@limner/contract';
import { act, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { useQueue } from '../state/queue.ts';
import { useStudio } from '../state/studio.ts';
import { receiveEvents, receiveTask, useTasks } from '../state/tasks.ts';
import { eventOf, frameOf, taskOf } from '../state/testing-tasks.ts';
import { renderPage } from '../testing-page.tsx';
import { EnginePill } from './engine-pill.tsx';

const running = (index: number) => frameOf(index, { status: 'running' });

/** Ids are not used twice: the store remembers tasks that were deleted. */
let lastId = 500;

function give(over: Parameters<typeof taskOf>[0]): number {
  const id = lastId++;
  receiveTask(taskOf({ id, ...over }));
  return id;
}

beforeEach(() => {
  useQueue.setState({ lanes: [] });
  useTasks.setState({ connection: 'open' });
});

const text = () => screen.getByRole('status').textContent;

function giveTwoTasks(): number {
  give({ status: 'running', total_frames: 40, finished_frames: 12, painting_frames: 2 });
  give({ status: 'completed', total_frames: 4, finished_frames: 4, painting_frames: 0 });
  give({ status: 'queued', total_frames: 4, painting_frames: 0 });
  return give({ status: 'running', total_frames: 4, painting_frames: 1, frames: [running(0)] });
}

test('counts the pictures that are painted now, and the finished ones of all unfinished tasks', async () => {
  const last = giveTwoTasks();
  await renderPage(<EnginePill />);
  expect(text()).toBe('3 painting, 12 of 48 done');
  const ended = { id: last, total_frames: 4, finished_frames: 1, painting_frames: 0 };
  act(() => receiveEvents([eventOf(1_000_000, ended)]));
  expect(text()).toBe('2 painting, 13 of 48 done');
});

test('speaks Chinese', async () => {
  giveTwoTasks();
  await renderPage(<EnginePill />, { language: 'zh' });
  expect(text()).toBe('正在画 3 张，已完成 12 / 48');
});

test('counts a frame once that has several outputs', async () => {
  const layers = ['/outputs/1.png', '/outputs/2.png', '/outputs/3.png'];
  give({ status: 'running', total_frames: 2, finished_frames: 1, painting_frames: 1, output_paths: layers });
  await renderPage(<EnginePill />);
  expect(text()).toBe('1 painting, 1 of 2 done');
});

test('does not say that pictures are painted which wait on their server', async () => {
  give({ status: 'running', total_frames: 2, painting_frames: 0, waits_behind: 3 });
  await renderPage(<EnginePill />);
  expect(text()).toBe('Waiting, 0 of 2 done');
});

const engineOf = (over: Partial<EngineHealth>): EngineHealth => ({
  id: 'starter',
  kind: 'starter',
  label: { en: 'Starter', zh: '入门' },
  status: 'ready',
  url: null,
  version: null,
  running: 0,
  queued: 0,
  memory: null,
  families: [],
  missing: [],
  note: null,
  ...over,
});

test('names a server that is away, except at the usual address where none was ever found', async () => {
  useTasks.setState({ entries: {} });
  const away = { kind: 'comfy', status: 'unreachable', named_in: 'environment' } as const;
  const attic = engineOf({
    ...away,
    id: 'attic',
    label: { en: 'Attic PC', zh: 'Attic PC' },
    url: 'http://attic:8188',
  });
  const usual = engineOf({ ...away, id: 'usual', url: DEFAULT_COMFYUI_URL });
  useStudio.setState({ loaded: true, engines: [engineOf({}), usual] });
  await renderPage(<EnginePill />);
  expect(text()).toBe('1 engine ready');
  act(() => useStudio.setState({ engines: [engineOf({}), usual, attic] }));
  expect(text()).toBe('Attic PC is not ready');
  act(() => useStudio.setState({ engines: [engineOf({}), { ...usual, version: '0.33.0' }, attic] }));
  expect(text()).toBe('2 servers are not ready');
  act(() => useStudio.setState({ engines: [engineOf({}), { ...attic, status: 'disabled' }] }));
  expect(text()).toBe('1 engine ready');
});
