// @vitest-environment happy-dom
import type { Trainer } from '@limner/contract';
import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { NewRun } from './new-run.tsx';
import { addKnown, changeDraft, clearDraft, useTrainingDraft } from './run-draft.ts';

const hint = { en: 'A hint.', zh: '提示。' };
const range = { default: 0.003, min: 0.0001, max: 0.01, step: 0.0001 };
const trainer: Trainer = {
  id: 'starter-lora',
  label: hint,
  description: hint,
  family: 'starter-paint',
  families: ['starter-paint'],
  images: { min: 1, max: 9 },
  params: [
    { key: 'learning_rate', type: 'number', label: { en: 'Rate', zh: '学习率' }, hint, ...range },
    {
      key: 'steps',
      type: 'integer',
      label: { en: 'Steps', zh: '步数' },
      hint,
      default: 300,
      min: 50,
      max: 1500,
      step: 50,
    },
  ],
  presets: [],
  available: true,
  missing: [],
  seconds_per_step: null,
};

beforeEach(() => {
  clearDraft();
  addKnown([{ ref: '1_0', url: '', name: 'a.png', caption: 'a cat' }]);
  changeDraft({ name: 'Ink' });
});

test('a number of a training shows its range; what is typed outside is refused beside it and not sent', async () => {
  const server = serve({ listTrainers: () => [trainer] });
  const user = userEvent.setup();
  await renderPage(<NewRun />);
  expect(await screen.findByText('A hint. 50 to 1500')).toBeDefined();
  expect(screen.getByText('A hint. 0.0001 to 0.01')).toBeDefined();
  const train = screen.getByRole('button', { name: /Train the style/ });
  const steps = screen.getByRole('spinbutton', { name: 'Steps' });
  for (const text of ['20', '1501', '99.5']) {
    await user.clear(steps);
    await user.type(steps, text);
    expect(steps).toHaveProperty('value', text);
    expect(screen.getByRole('alert').textContent).toBe('A whole number from 50 to 1500.');
    await user.click(train);
    expect(document.activeElement).toBe(steps);
    expect(server.received('train')).toEqual([]);
    expect(useTrainingDraft.getState().params['starter-lora']?.steps ?? 300).not.toBe(Number(text));
  }
  expect(screen.getByText('Correct the marked numbers.')).toBeDefined();
});

test('what is typed between the steps is taken, and a small rate may be written with an exponent', async () => {
  serve({ listTrainers: () => [trainer] });
  const user = userEvent.setup();
  await renderPage(<NewRun />, { language: 'zh' });
  const steps = await screen.findByRole('spinbutton', { name: '步数' });
  await user.clear(steps);
  await user.type(steps, '１２５');
  const rate = screen.getByRole('spinbutton', { name: '学习率' });
  await user.clear(rate);
  expect(screen.getByRole('alert').textContent).toBe('0.0001 到 0.01 之间的数字。');
  await user.type(rate, '5e-4');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(useTrainingDraft.getState().params).toEqual({
    'starter-lora': { steps: 125, learning_rate: 0.0005 },
  });
});
