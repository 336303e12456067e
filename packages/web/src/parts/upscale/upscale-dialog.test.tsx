// @vitest-environment happy-dom
import type { FamilyOffer } from '@limner/contract';
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { useStudio } from '../../state/studio.ts';
import { familyOf, taskOf } from '../../state/testing-tasks.ts';
import { chooseUpscale, endUpscale } from '../../state/upscale-choice.ts';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import UpscaleDialog from './upscale-dialog.tsx';

const word = (text: string) => ({ en: text, zh: text });
const plain = familyOf({ id: 'upscale', kind: 'upscale', types: [], size: null, licence: 'MIT' });
const creative = (over: Partial<FamilyOffer>) =>
  familyOf({
    ...{ id: 'creative-upscale', kind: 'upscale', types: [], size: null, licence: 'Apache-2.0' },
    params: [
      {
        ...{ key: 'model', type: 'choice', default: 'z-image', effect: true },
        choices: [{ value: 'z-image', label: word('Z-Image') }],
      },
      { key: 'denoise', type: 'number', default: 0.35, min: 0.1, max: 0.6, step: 0.05, effect: true },
    ],
    ...over,
  });

async function open(families: FamilyOffer[]) {
  useStudio.setState({ families, loaded: true });
  await renderPage(<UpscaleDialog />, { language: 'en' });
  act(() => chooseUpscale({ ref: '7_0', task: 7, width: 500, height: 400 }));
}

afterEach(() => {
  act(endUpscale);
  cleanup();
});

test('sends factor, strength and words, and closes', async () => {
  const server = serve({ upscale: () => taskOf({ id: 8, task_kind: 'upscale' }) });
  await open([plain, creative({})]);
  await userEvent.click(await screen.findByText('×3'));
  expect(screen.getByText('1500 × 1200 px')).toBeDefined();
  await userEvent.click(screen.getByText('Add detail'));
  expect(screen.getByText('Licence of the model: Apache-2.0')).toBeDefined();
  await userEvent.type(screen.getByLabelText('What the picture shows'), 'a mossy wall');
  await userEvent.click(screen.getByRole('button', { name: 'Upscale' }));
  await waitFor(() =>
    expect(server.received('upscale')[0]?.body).toMatchObject({
      ...{ input_image: '7_0', factor: 3, creativity: 0.35, prompt: 'a mossy wall', source_task_id: 7 },
    }),
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('says what adding detail lacks, and only enlarges', async () => {
  const server = serve({ upscale: () => taskOf({ id: 9, task_kind: 'upscale' }) });
  const [engine] = creative({}).engines;
  if (!engine) throw new Error('the family has no engine');
  const missing = [{ what: 'model_file' as const, name: 'x', cure: word('Put x into models.') }];
  await open([plain, creative({ available: false, engines: [{ ...engine, missing }] })]);
  expect(await screen.findByText('Put x into models.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Upscale' }));
  await waitFor(() => expect(server.received('upscale')).toHaveLength(1));
  expect(server.received('upscale')[0]?.body).not.toHaveProperty('creativity');
});
