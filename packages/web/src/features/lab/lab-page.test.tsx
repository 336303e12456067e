// @vitest-environment happy-dom
import { type FamilyOffer, type Grid, Recipe, type Style, type Training } from '@limner/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { beforeEach, expect, test } from 'vitest';
import { useStudio } from '../../state/studio.ts';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import LabPage from './lab-page.tsx';
import { shuffled } from './shuffled.ts';

const style = (id: number, name: string, more: Partial<Style> = {}): Style => ({
  ...{ id, name, type: 'ui', lora_path: `loras/${id}.safetensors`, strength: 1, trigger_words: '' },
  ...{ is_base: false, is_trained: true, family: 'starter-paint', families: ['starter-paint'] },
  created_at: '2026-05-04T10:00:00.000Z',
  ...more,
});
const ink = style(4, 'Ink');
const base = style(1, 'Base', { lora_path: null, family: null, families: [], is_base: true });

const axis = (field: string, values: (string | number)[]) => ({
  ...{ field, label: { en: field, zh: field } },
  values: values.map((value) => ({ value })),
});
const PROMPTS = ['a red dragon', 'a castle'];
const lab: Grid = {
  ...{ id: 9, created_at: '2026-05-04T10:00:00.000Z', prompt: 'a red dragon', batch_size: 1 },
  axes: { x: axis('style.strength', [0, 0.6, 1]), y: axis('prompt', PROMPTS), z: null },
  recipe: Recipe.parse({
    kind: 'generation',
    prompt: 'a red dragon',
    seed: 7,
    style: { id: 4, name: 'Ink' },
  }),
  cells: PROMPTS.flatMap((_, y) =>
    [0, 1, 2].map((x) => ({
      ...{ x, y, z: 0, task_id: 10 + 3 * y + x },
      ...{ status: 'completed' as const, output_path: `/outputs/${10 + 3 * y + x}_0.png` },
    })),
  ),
};

beforeEach(() => useStudio.setState({ styles: [base, ink], styleId: 1 }));

const openAt = (address: string, language: 'en' | 'zh' = 'en') =>
  renderPage(
    <Routes>
      <Route path="training/lab/:grid?" element={<LabPage />} />
    </Routes>,
    { address, language },
  );

test.each([
  ['en', 'Paint 16 pictures'],
  ['zh', '绘制 16 张'],
] as const)('a lab is made of a style, strengths and prompts (%s)', async (language, name) => {
  const server = serve({ listGrids: () => [], createGrid: () => lab, getGrid: () => lab });
  await openAt('/training/lab?style=4', language);
  await userEvent.click(await screen.findByRole('button', { name }));
  await waitFor(() => expect(location.pathname).toBe('/training/lab/9'));
  expect(server.received('createGrid')[0]?.body).toMatchObject({
    recipe: { style: { id: 4, name: 'Ink' } },
    axes: { x: { field: 'style.strength', values: [0, 0.6, 0.8, 1] }, y: { field: 'prompt' } },
  });
});

test.each([
  ['en', true, 'Ink', null],
  ['zh', false, null, /^现在没有服务器带有这些风格所需的模型。/],
  ['en', false, null, /^No server here paints with the model of any of these styles now\./],
] as const)(
  'the newest style that can be painted is chosen (%s, %s)',
  async (language, available, chosen, told) => {
    const offer = (id: string, available: boolean) =>
      ({ id, available, label: { en: id, zh: id } }) as FamilyOffer;
    useStudio.setState({
      styles: [base, ink, style(5, 'Flux ink', { families: ['flux-dev'] })],
      families: [offer('starter-paint', available), offer('flux-dev', false)],
    });
    serve({ listGrids: () => [], listTraining: () => [] });
    await openAt('/training/lab', language);
    const form = within(await screen.findByRole('form'));
    expect(form.queryByTitle('Flux ink')).toBeNull();
    expect(form.queryByTitle('Ink')?.textContent ?? null).toBe(chosen);
    if (told) expect(form.getByText(told).getAttribute('role')).toBe('status');
    useStudio.setState({ families: [] });
  },
);

test('strengths that are no numbers are refused at their field', async () => {
  serve({ listGrids: () => [] });
  await openAt('/training/lab?style=4');
  const field = await screen.findByRole('textbox', { name: 'Strengths' });
  await userEvent.clear(field);
  await userEvent.type(field, 'strong');
  expect(screen.getByRole('alert').textContent).toBe('Write numbers with commas between: 0.6, 0.8, 1');
  expect(screen.getByRole('button', { name: /^Paint/ })).toHaveProperty('disabled', true);
});

test('side by side, each picture says what it was made with, and its strength becomes the style’s', async () => {
  const server = serve({
    getGrid: () => lab,
    updateStyle: () => ({ ...ink, strength: 0.6 }),
    listStyles: () => [base, { ...ink, strength: 0.6 }],
  });
  await openAt('/training/lab/9');
  const dragon = within(await screen.findByRole('region', { name: 'a red dragon' }));
  const names = dragon.getAllByRole('listitem').map((item) => item.querySelector('span')?.textContent);
  expect(names).toEqual(['Ink, without its LoRA', 'Ink, strength 0.6', 'Ink, strength 1']);
  expect(dragon.getByRole('button', { name: 'In use' })).toHaveProperty('disabled', true);
  await userEvent.click(dragon.getByRole('button', { name: 'Use Ink at 0.6' }));
  await screen.findByText('Ink now works with strength 0.6, and is chosen in the studio.');
  expect(server.received('updateStyle')[0]).toMatchObject({ params: { id: '4' }, body: { strength: 0.6 } });
  expect(useStudio.getState().styleId).toBe(4);
});

/** Chooses, blind, the picture of one strength for each prompt. */
async function chooseBlind(columns: number[]) {
  await userEvent.click(await screen.findByText('Blind'));
  await screen.findByText('Choose the best picture of each prompt: 0 of 2 chosen.');
  expect(screen.queryByText(/^Ink, /)).toBeNull();
  for (const [y, prompt] of PROMPTS.entries()) {
    const row = within(screen.getByRole('region', { name: prompt }));
    const file = `/${10 + 3 * y + (columns[y] ?? 0)}_0`;
    const wanted = row
      .getAllByRole('button')
      .find((button) => button.querySelector('img')?.getAttribute('src')?.includes(file));
    await userEvent.click(wanted as HTMLElement);
  }
  return within(await screen.findByRole('region', { name: 'Your choice' }));
}

test('blind, nothing is told until one picture of each prompt is chosen', async () => {
  serve({ getGrid: () => lab });
  await openAt('/training/lab/9');
  const outcome = await chooseBlind([1, 1]);
  expect(outcome.getByRole('listitem').textContent).toBe('2 of 2 Ink, strength 0.6');
  expect(outcome.getByRole('button', { name: 'Use Ink at 0.6' })).toBeDefined();
  expect(screen.getAllByText('Ink, without its LoRA')).toHaveLength(2);
});

test.each([
  [[0, 2], 'Use Ink at 1', false],
  [[0, 0], null, true],
])('the LoRA is advised against only where most of %j are without it', async (columns, button, isAgainst) => {
  serve({ getGrid: () => lab });
  await openAt('/training/lab/9');
  const outcome = await chooseBlind(columns);
  expect(outcome.queryByRole('button', { name: /^Use/ })?.textContent ?? null).toBe(button);
  expect(outcome.queryByText(/^You preferred the pictures without/) !== null).toBe(isAgainst);
});

test('a grid that compares no strengths is no lab', async () => {
  serve({ getGrid: () => ({ ...lab, axes: { ...lab.axes, x: axis('steps', [1]) } }) });
  await openAt('/training/lab/9');
  expect(await screen.findByText(/This grid is no lab/)).toBeDefined();
});

test('pictures are mixed in an order that stays for a seed', () => {
  const items = [1, 2, 3, 4, 5];
  expect(shuffled(items, 3)).toEqual(shuffled(items, 3));
  expect(shuffled(items, 3).toSorted()).toEqual(items);
  expect(new Set(Array.from({ length: 40 }, (_, seed) => shuffled(items, seed)[0])).size).toBe(5);
});

const kept = (step: number) => ({
  ...{ step, in_use: false, id: `12_0_${step}`, url: `/outputs/12_0_${step}.safetensors`, size_bytes: 1 },
  file_name: `Ink ${step}.safetensors`,
});

test.each([
  ['en', 'Paint 40 pictures', 'Ink, step 500, strength 1', 'Use step 500 of Ink at 1'],
  ['zh', '绘制 40 张', '「Ink」，第 500 步，强度 1', '以强度 1 使用「Ink」第 500 步'],
] as const)(
  'LoRAs of earlier steps are compared, and one becomes the style’s (%s)',
  async (language, paint, label, use) => {
    const steps: Grid = {
      ...lab,
      axes: {
        x: axis('style.strength', [1]),
        y: axis('prompt', PROMPTS.slice(0, 1)),
        z: axis('style.step', [500, 0]),
      },
      cells: [0, 1].map((z) => ({
        ...{ x: 0, y: 0, z, task_id: 20 + z },
        ...{ status: 'completed' as const, output_path: `/outputs/${20 + z}_0.png` },
      })),
    };
    const run = { id: 12, checkpoints: [kept(250), kept(500)] } as Training;
    const server = serve({
      listGrids: () => [],
      listTraining: () => [run],
      createGrid: () => steps,
      getGrid: () => steps,
      chooseCheckpoint: () => run,
      listStyles: () => [base, ink],
    });
    await openAt('/training/lab?style=4&steps=1', language);
    await userEvent.click(await screen.findByRole('button', { name: paint }));
    await screen.findByText(label);
    expect(server.received('createGrid')[0]?.body).toMatchObject({
      axes: { z: { field: 'style.step', values: [250, 500, 0] } },
    });
    await userEvent.click(screen.getByRole('button', { name: use }));
    await waitFor(() => expect(server.received('chooseCheckpoint')).toHaveLength(1));
    expect(server.received('chooseCheckpoint')[0]).toMatchObject({
      params: { id: '12' },
      body: { step: 500 },
    });
  },
);

test.each([
  ['en', /^No server here paints with FLUX now\./],
  ['zh', /^现在没有服务器能用 FLUX 出图。/],
] as const)(
  'a style whose model no server has cannot be painted with, and the form says so (%s)',
  async (language, told) => {
    const flux = { id: 'flux-dev', available: false, label: { en: 'FLUX', zh: 'FLUX' } } as FamilyOffer;
    useStudio.setState({ styles: [base, { ...ink, families: ['flux-dev'] }], families: [flux] });
    serve({ listGrids: () => [], listTraining: () => [] });
    await openAt('/training/lab?style=4', language);
    expect(await screen.findByText(told)).toBeDefined();
    expect(screen.getByRole('button', { name: /16/ })).toHaveProperty('disabled', true);
    useStudio.setState({ families: [] });
  },
);
