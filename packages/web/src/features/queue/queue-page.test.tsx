// @vitest-environment happy-dom
import type { QueueLane } from '@limner/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import AskDialog from '../../parts/ask/ask-dialog.tsx';
import { useQuestion } from '../../state/ask.ts';
import { useQueue } from '../../state/queue.ts';
import { receiveTask } from '../../state/tasks.ts';
import { frameOf, laneOf, taskOf, waitingOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { Refused, serve } from '../../testing-server.ts';
import QueuePage from './queue-page.tsx';

const running = {
  task: 901,
  started_at: '2026-05-04T10:00:00.000Z',
  frames: [{ index: 0, progress: 0.5, started_at: null, server: 'Attic PC', waits_behind: null }],
  ends_within: { low: 30, high: 50 },
};
const waiting = [waitingOf(902, 1, { low: 30, high: 50 }), waitingOf(903, 2), waitingOf(904, 3)];
const busy = laneOf({ running: [running], waiting });

function Page() {
  const asked = useQuestion((state) => state.question !== null);
  return (
    <>
      <QueuePage />
      {asked && <AskDialog />}
    </>
  );
}

const served = (lane: QueueLane) => {
  let held = lane;
  const order = (ids: number[]) =>
    ids.map((id, at) => ({
      ...(held.waiting.find(({ task }) => task === id) ?? waitingOf(id, 1)),
      place: at + 1,
    }));
  return serve({
    listLanes: () => [held],
    pauseLane: ({ body }) => {
      held = { ...held, paused_at: body.paused ? '2026-05-04T10:00:00.000Z' : null };
      return held;
    },
    moveInQueue: ({ body }) => {
      const others = held.waiting.map(({ task }) => task).filter((task) => task !== body.task);
      others.splice(body.before === null ? others.length : others.indexOf(body.before), 0, body.task);
      held = { ...held, waiting: order(others) };
      return held;
    },
    cancelQueue: () => {
      held = { ...held, running: [], waiting: [] };
      return { cancelled: 4 };
    },
  });
};

const titles = () =>
  within(screen.getByRole('list', { name: /^(Waiting|等待中)$/ }))
    .getAllByRole('link')
    .map((link) => link.textContent);

beforeEach(() => {
  receiveTask(
    taskOf({
      id: 901,
      status: 'running',
      prompt: 'gate',
      frames: [frameOf(0, { status: 'running' })],
      progress: 0.5,
    }),
  );
  for (const [id, prompt] of [
    [902, 'key'],
    [903, 'bow'],
    [904, 'axe'],
  ] as const)
    receiveTask(taskOf({ id, prompt }));
});

afterEach(() => useQueue.setState({ lanes: [], places: new Map(), askedMs: 0 }));

test('shows what runs, where and for how long, and what waits, with measured times alone', async () => {
  served(busy);
  await renderPage(<Page />);
  const runs = await screen.findByRole('list', { name: 'Running' });
  expect(within(runs).getByRole('link', { name: 'gate' })).toBeDefined();
  expect(runs.textContent).toMatch(/on Attic PC/);
  expect(runs.textContent).toMatch(/\d+–\d+ s left/);
  expect(within(runs).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
  const rows = within(screen.getByRole('list', { name: 'Waiting' })).getAllByRole('listitem');
  expect(rows[0]?.textContent).toMatch(/starts in \d+–\d+ s/);
  expect(rows[1]?.textContent).toMatch(/time not measured yet/);
});

test('the arrow keys, Home and End move a task, and the new place is read aloud', async () => {
  const server = served(busy);
  await renderPage(<Page />);
  await screen.findByRole('list', { name: 'Waiting' });
  screen.getByRole('button', { name: /^Move key, now at place 1/ }).focus();
  await userEvent.keyboard('{ArrowDown}');
  expect(server.received('moveInQueue')[0]?.body).toEqual({ task: 902, before: 904 });
  expect(titles()).toEqual(['bow', 'key', 'axe']);
  expect(screen.getByText('key is now at place 2 of 3.')).toBeDefined();
  expect(document.activeElement).toBe(screen.getByRole('button', { name: /^Move key, now at place 2/ }));
  await userEvent.keyboard('{End}');
  await waitFor(() => expect(titles()).toEqual(['bow', 'axe', 'key']));
  await userEvent.keyboard('{Home}');
  await waitFor(() => expect(titles()).toEqual(['key', 'bow', 'axe']));
  expect(server.received('moveInQueue').map(({ body }) => body.before)).toEqual([904, null, 903]);
});

test('a refused move is reported and undone', async () => {
  serve({
    listLanes: () => [busy],
    moveInQueue: () => {
      throw new Refused(409, { code: 'task_not_waiting', data: { id: 902 } });
    },
  });
  await renderPage(<Page />);
  await screen.findByRole('list', { name: 'Waiting' });
  screen.getByRole('button', { name: /^Move key/ }).focus();
  await userEvent.keyboard('{End}');
  expect((await screen.findByRole('alert')).textContent).toContain('Task 902 is not waiting');
  await waitFor(() => expect(titles()).toEqual(['key', 'bow', 'axe']));
});

test('a lane is paused and resumed, and says so', async () => {
  const server = served(busy);
  await renderPage(<Page />);
  await userEvent.click(await screen.findByRole('button', { name: 'Pause Starter: Generation' }));
  expect(server.received('pauseLane')[0]).toMatchObject({
    params: { lane: 'starter' },
    body: { paused: true },
  });
  expect(await screen.findByText(/^Paused since/)).toBeDefined();
  expect(screen.getByText(/No new ones start until you resume/)).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Resume Starter: Generation' }));
  await waitFor(() => expect(screen.queryByText(/^Paused since/)).toBeNull());
});

test('cancelling everything asks first and says how many', async () => {
  const server = served(busy);
  await renderPage(<Page />);
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel all' }));
  expect(await screen.findByText('Cancel all 4 tasks?')).toBeDefined();
  expect(screen.getByText('1 running, 3 waiting.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Keep them' }));
  expect(server.received('cancelQueue')).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Cancel all' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel all' }));
  await screen.findByText('No task is running or waiting.');
  expect(server.received('cancelQueue')).toHaveLength(1);
});

test('speaks Chinese', async () => {
  served(busy);
  await renderPage(<Page />, { language: 'zh' });
  expect((await screen.findByRole('list', { name: '正在运行' })).textContent).toMatch(/还需 \d+–\d+ 秒/);
  expect(screen.getByRole('button', { name: '暂停「入门: 生成」' })).toBeDefined();
});

test('a task whose frames wait in the queue of their server reads as waiting, with the prompts before it', async () => {
  const [frame] = running.frames;
  const frames = [
    { ...frame, index: 0, server: 'Attic PC', progress: 0, started_at: null, waits_behind: 3 },
    { ...frame, index: 1, server: 'Attic PC', progress: 0, started_at: null, waits_behind: 4 },
  ];
  served({ ...busy, running: [{ ...running, frames }] });
  await renderPage(<Page />);
  expect(await screen.findByText('waits on the server behind 3 prompts')).toBeDefined();
  expect(screen.queryByText(/^running for/)).toBeNull();
});
