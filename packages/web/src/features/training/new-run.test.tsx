// @vitest-environment happy-dom
import type { Trainer } from '@limner/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { Refused, serve } from '../../testing-server.ts';
import { NewRun } from './new-run.tsx';
import { addKnown, changeDraft, clearDraft, useTrainingDraft } from './run-draft.ts';

const hint = { en: 'A hint.', zh: '提示。' };
const steps = { key: 'steps', type: 'integer' as const, hint, default: 300, min: 50, max: 1500, step: 50 };
const starter: Trainer = {
  ...{ id: 'starter-lora', label: { en: 'Built in', zh: '内置' }, description: hint },
  ...{ family: 'starter-paint', families: ['starter-paint'], images: { min: 1, max: 9 } },
  params: [{ ...steps, label: { en: 'Steps', zh: '步数' } }],
  ...{ presets: [], available: true, missing: [], seconds_per_step: null },
};
const cure = {
  en: 'Clone ai-toolkit and set AI_TOOLKIT_DIR.',
  zh: '克隆 ai-toolkit 并设置 AI_TOOLKIT_DIR。',
};
const toolkit: Trainer = {
  ...starter,
  ...{ id: 'ai-toolkit', label: { en: 'ai-toolkit', zh: 'ai-toolkit' }, available: false },
  params: [
    { ...steps, label: { en: 'Steps', zh: '步数' } },
    { key: 'low_vram', type: 'switch', label: { en: 'Save memory', zh: '节省显存' }, hint, default: false },
  ],
  presets: [
    { id: 'small', label: { en: '24 GB', zh: '24 GB' }, hint, params: { steps: 900, low_vram: true } },
  ],
  missing: [
    { what: 'package', name: 'ai-toolkit', cure, licence: 'MIT', command: 'git clone https://example.org/a' },
  ],
};
const estimate = {
  ...{ trainer: 'starter-lora', family: 'starter-paint', steps: 300, seconds: 95 },
  seconds_from: { en: 'measured in 2 runs here', zh: '按本机 2 次训练实测' },
  ...{ memory_bytes: null, memory_from: null },
};
const trainers = () => [toolkit, starter];

beforeEach(() => {
  useTrainingDraft.setState({ trainer: null, params: {} });
  clearDraft();
  addKnown([{ ref: '1_0', url: '', name: 'a.png', caption: 'a cat' }]);
  changeDraft({ name: 'Ink' });
});

test.each([
  ['en', 'Built in', 'Clone ai-toolkit and set AI_TOOLKIT_DIR.', 'This trainer lacks what is listed above.'],
  ['zh', '内置', '克隆 ai-toolkit 并设置 AI_TOOLKIT_DIR。', '该训练器缺少上面列出的内容。'],
] as const)(
  'the best available trainer is preset, one that lacks something can be seen with its cure (%s)',
  async (language, name, sentence, lacks) => {
    serve({ listTrainers: trainers, estimateTraining: () => estimate });
    const user = userEvent.setup();
    await renderPage(<NewRun />, { language });
    const section = await screen.findByRole('region', { name: /Trainer|训练器/ });
    expect(within(section).getByText(name)).toBeDefined();
    await user.click(within(section).getByRole('combobox'));
    await user.click(await screen.findByRole('option', { name: /ai-toolkit/ }));
    await waitFor(() => expect(within(section).getByText(sentence)).toBeDefined());
    expect(within(section).getByText('MIT')).toBeDefined();
    expect(within(section).getByText('git clone https://example.org/a')).toBeDefined();
    expect(screen.getByText(lacks)).toBeDefined();
    expect(useTrainingDraft.getState().trainer).toBe('ai-toolkit');
  },
);

test('a preset fills the fields of its trainer, and folded ones are counted', async () => {
  changeDraft({ trainer: 'ai-toolkit' });
  serve({ listTrainers: trainers, estimateTraining: () => estimate });
  const user = userEvent.setup();
  await renderPage(<NewRun />);
  await user.click(await screen.findByRole('combobox', { name: 'Preset' }));
  await user.click(await screen.findByRole('option', { name: '24 GB' }));
  expect(screen.getByRole('spinbutton', { name: 'Steps' })).toHaveProperty('value', '900');
  expect(screen.getByText('1 changed')).toBeDefined();
  expect(useTrainingDraft.getState().params).toEqual({ 'ai-toolkit': { steps: 900, low_vram: true } });
});

test('the estimate follows the form, with its source', async () => {
  const server = serve({ listTrainers: trainers, estimateTraining: () => estimate });
  await renderPage(<NewRun />);
  expect(await screen.findByText('Time: 1 min 35 s (measured in 2 runs here).')).toBeDefined();
  expect(screen.getByText('Memory: not known.')).toBeDefined();
  expect(server.received('estimateTraining').at(-1)?.body).toEqual({
    ...{ trainer: 'starter-lora', pictures: 1, params: { steps: 300 } },
  });
});

test('what is wrong is told at its field, and the first one has the focus', async () => {
  changeDraft({ name: '', pictures: [] });
  const server = serve({ listTrainers: trainers, estimateTraining: () => estimate });
  const user = userEvent.setup();
  await renderPage(<NewRun />);
  await user.click(await screen.findByRole('button', { name: /Train the style/ }));
  const said = screen.getAllByRole('alert').map(({ textContent }) => textContent);
  expect(said).toEqual(['Add at least 1 pictures.', 'Name the style.']);
  expect(document.activeElement?.textContent).toBe('Choose files');
  addKnown([{ ref: '1_0', url: '', name: 'a.png', caption: '' }]);
  await waitFor(() => expect(screen.getAllByRole('alert')).toHaveLength(1));
  await user.click(screen.getByRole('button', { name: /Train the style/ }));
  const name = screen.getByRole('textbox', { name: 'Name of the style' });
  expect(document.activeElement).toBe(name);
  expect(server.received('train')).toEqual([]);
});

test('too few readable pictures are told before the button is pressed', async () => {
  const few = { ...starter, images: { min: 2, max: 9 } };
  useTrainingDraft.setState(({ pictures }) => ({
    pictures: [...pictures, { key: 9, ref: null, url: '', name: 'b.png', caption: '', problem: 'Broken.' }],
  }));
  serve({ listTrainers: () => [few], estimateTraining: () => estimate });
  await renderPage(<NewRun />);
  expect((await screen.findByText('Add at least 2 pictures.')).getAttribute('role')).toBe('status');
  expect(screen.queryByText('2 pictures, 2 to 9 are needed')).toBeNull();
});

test('a refusal of the server stands at its field, which has the focus', async () => {
  serve({
    listTrainers: trainers,
    estimateTraining: () => estimate,
    train: () => {
      throw new Refused(409, { code: 'style_name_taken', data: { name: 'Ink' }, field: 'style_name' });
    },
  });
  const user = userEvent.setup();
  await renderPage(<NewRun />);
  await user.click(await screen.findByRole('button', { name: /Train the style/ }));
  const name = screen.getByRole('textbox', { name: 'Name of the style' });
  await waitFor(() => expect(document.activeElement).toBe(name));
  expect(screen.getByRole('alert').textContent).toContain('Ink');
  await user.type(name, ' 2');
  expect(screen.queryByRole('alert')).toBeNull();
});
