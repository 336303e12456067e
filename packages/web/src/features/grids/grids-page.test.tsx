// @vitest-environment happy-dom
import { type Grid, type GridCell, type GridListItem, Recipe } from '@limner/contract';
import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, test } from 'vitest';
import AskDialog from '../../parts/ask/ask-dialog.tsx';
import { useQuestion } from '../../state/ask.ts';
import { receiveTask } from '../../state/tasks.ts';
import { taskOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { Refused, serve } from '../../testing-server.ts';
import GridsPage from './grids-page.tsx';

const STEPS = {
  field: 'steps',
  label: { en: 'Steps', zh: '步数' },
  values: [{ value: 10 }, { value: 20 }],
};
const WORDS = {
  field: 'prompt_replace',
  label: { en: 'Prompt S/R', zh: '提示词替换' },
  values: [{ value: 'red' }, { value: '', label: { en: '(none)', zh: '（无）' } }],
};
const STYLES = {
  field: 'style',
  label: { en: 'Style', zh: '风格' },
  values: [{ value: 'Ink' }, { value: 'Oil' }],
};
const NO_AXES = { x: null, y: null, z: null };

const cell = (task_id: number, x: number, y = 0, z = 0, more: Partial<GridCell> = {}): GridCell => ({
  ...{ x, y, z, task_id },
  status: 'queued',
  output_path: null,
  ...more,
});

const gridOf = (more: Partial<Grid>): Grid => ({
  id: 4,
  created_at: '2026-05-04T10:00:00.000Z',
  prompt: 'a red {dragon|frog}',
  axes: { ...NO_AXES, x: STEPS },
  recipe: Recipe.parse({ kind: 'generation', prompt: 'a red {dragon|frog}', seed: 7 }),
  batch_size: 1,
  cells: [cell(12, 0), cell(13, 1)],
  ...more,
});

const listed = (id: number): GridListItem => ({
  id,
  created_at: '2026-05-04T10:00:00.000Z',
  prompt: `prompt ${id}`,
  axes: { ...NO_AXES, x: STEPS, y: WORDS },
  cells: 4,
  ended: 1,
});

const Asked = () => (useQuestion((state) => state.question) ? <AskDialog /> : null);
const openAt = (address: string, language: 'en' | 'zh' = 'en') =>
  renderPage(
    <>
      <Routes>
        <Route path="grids/:id?" element={<GridsPage />} />
      </Routes>
      <Asked />
    </>,
    { address, language },
  );

test('the list names axes and progress of each grid, and loads older ones', async () => {
  const all = Array.from({ length: 23 }, (_, index) => listed(23 - index));
  const server = serve({
    listGrids: ({ query }) =>
      all.filter(({ id }) => id < Number(query.before ?? 99)).slice(0, Number(query.limit)),
  });
  await openAt('/grids');
  await screen.findByRole('link', { name: 'Grid 23' });
  expect(screen.getAllByRole('listitem')).toHaveLength(20);
  const [first] = screen.getAllByRole('listitem');
  expect(first?.textContent).toMatch(/^Grid 23prompt 23Steps × Prompt S\/R · 1 of 4 pictures finished · /);
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  const last = await screen.findByRole('link', { name: 'Grid 1' });
  expect(last.getAttribute('href')).toBe('/grids/1');
  expect(screen.getAllByRole('listitem')).toHaveLength(23);
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  expect(server.received('listGrids').map(({ query }) => query.before)).toEqual([undefined, '4']);
});

test('without grids the list says where to make one', async () => {
  serve({ listGrids: () => [] });
  await openAt('/grids', 'zh');
  expect((await screen.findByText(/网格/, { selector: 'p' })).textContent).toMatch(/提示词|画室/);
});

test('columns are x, rows are y, and each value of z has a table', async () => {
  const cells = [0, 1].flatMap((z) =>
    [0, 1].flatMap((y) => [0, 1].map((x) => cell(z * 4 + y * 2 + x, x, y, z))),
  );
  serve({ getGrid: () => gridOf({ axes: { x: STEPS, y: WORDS, z: STYLES }, cells }) });
  await openAt('/grids/4');
  await screen.findByRole('heading', { name: 'Grid 4' });
  const tables = await screen.findAllByRole('table');
  expect(tables.map((table) => table.querySelector('caption')?.textContent)).toEqual([
    expect.stringContaining('Ink'),
    expect.stringContaining('Oil'),
  ]);
  const [, second] = tables.map((table) => within(table));
  expect(second?.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual(
    ['10', '20'].map((steps) => expect.stringContaining(steps)),
  );
  expect(second?.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining('red'),
    expect.stringContaining('(none)'),
  ]);
  const names = second?.getAllByRole('button').map((button) => button.getAttribute('aria-label'));
  expect(names).toHaveLength(4);
  expect(names?.[1]).toMatch(/20.*red.*: Queued$/);
  expect(screen.getByRole('status').textContent).toBe('0 of 8 pictures finished');
});

test('with one axis every picture stands over its value, and a deleted one says so', async () => {
  const done = cell(12, 0, 0, 0, { status: 'completed', output_path: '/outputs/12_0.png' });
  serve({ getGrid: () => gridOf({ cells: [done, cell(13, 1, 0, 0, { status: 'deleted' })] }) });
  await openAt('/grids/4');
  const [first, second] = await screen.findAllByRole('listitem');
  expect(first?.querySelector('img')?.getAttribute('src')).toContain('12_0');
  expect(first?.textContent).toContain('10');
  expect(second?.textContent).toMatch(/^Deleted.*20/);
  expect(screen.getByRole('status').textContent).toBe('2 of 2 pictures finished');
});

test('a cell follows its task, and opens it in the address', async () => {
  serve({ getGrid: () => gridOf({}), getTask: () => taskOf({ id: 13, status: 'running' }) });
  await openAt('/grids/4');
  await screen.findByRole('button', { name: /20.*: Queued$/ });
  act(() => receiveTask(taskOf({ id: 13, status: 'running', version: 5 })));
  await userEvent.click(await screen.findByRole('button', { name: /20.*: (Running|Painting)$/ }));
  await waitFor(() => expect(new URLSearchParams(location.search).get('task')).toBe('13'));
});

test('deleting a grid says that its pictures stay, and leads to the list', async () => {
  const server = serve({ getGrid: () => gridOf({}), deleteGrid: () => null, listGrids: () => [] });
  await openAt('/grids/4');
  await userEvent.click(await screen.findByRole('button', { name: 'Delete the grid' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText('Its pictures stay in the history.');
  await userEvent.click(dialog.getByRole('button', { name: 'Delete the grid' }));
  await waitFor(() => expect(location.pathname).toBe('/grids'));
  expect(server.received('deleteGrid')[0]?.params).toEqual({ id: '4' });
});

test('a grid that is gone says so, and a wrong address is no page', async () => {
  serve({
    getGrid: () => {
      throw new Refused(404, { code: 'grid_not_found', data: { id: 4 } });
    },
  });
  const page = await openAt('/grids/4');
  await screen.findByText('There is no grid 4.');
  page.unmount();
  await openAt('/grids/x4');
  expect(screen.queryByRole('heading', { name: /Grid/ })).toBeNull();
});
