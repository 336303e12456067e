// @vitest-environment happy-dom
import type { FamilyParam } from '@limner/contract';
import { act, cleanup, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { familyOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { SeamlessSwitch } from './seamless-switch.tsx';

const choices = ['off', 'both', 'x', 'y'].map((value) => ({ value, label: { en: value, zh: value } }));
const tileable: FamilyParam = { key: 'tileable', type: 'choice', default: 'off', effect: true, choices };
const held = () => useDraft.getState().params.starter?.tileable;

afterEach(() => {
  act(() => compose({ mode: 'txt2img', params: {} }));
  cleanup();
});

test('turns on for all sides, for one axis, and off again', async () => {
  await renderPage(<SeamlessSwitch family={familyOf({ params: [tileable] })} />, { language: 'en' });
  await userEvent.click(screen.getByRole('switch', { name: 'Seamless' }));
  expect(held()).toBe('both');
  await userEvent.click(screen.getByText('x'));
  expect(held()).toBe('x');
  await userEvent.click(screen.getByRole('switch', { name: 'Seamless' }));
  expect(held()).toBeUndefined();
});

test('says why there is none', async () => {
  await renderPage(<SeamlessSwitch family={familyOf()} />, { language: 'en' });
  expect(screen.getByText('Starter cannot make edges meet.')).toBeDefined();
  act(() => compose({ mode: 'inpaint' }));
  expect(screen.getByText(/Outside the mask the picture stays/)).toBeDefined();
  expect(screen.queryByRole('switch')).toBeNull();
});
