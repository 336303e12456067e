// @vitest-environment happy-dom
import type { Preset, PresetSettings } from '@limner/contract';
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { dismissLost } from '../../../state/recipe/restore.ts';
import { useStudio } from '../../../state/studio.ts';
import { familyOf, taskOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { serve } from '../../../testing-server.ts';
import { Composer } from './composer.tsx';

const LARGE = familyOf({ id: 'large', types: ['txt2img', 'img2img'], controls: ['canny', 'depth'] });
const AT = '2026-05-04T10:00:00.000Z';
const STYLE = {
  id: 1,
  name: 'Base',
  type: 'ui',
  lora_path: null,
  trigger_words: '',
  family: null,
} as const;
const picture = (ref: string) => ({ ref, url: `/outputs/${ref}.png`, width: 512, height: 512 });
const EMPTY = useDraft.getState();
const CONTROL = { enabled: true, type: 'depth', strength: 0.4, start: 0.1, end: 0.6 } as const;

beforeEach(() =>
  useStudio.setState({
    families: [LARGE],
    styles: [{ ...STYLE, strength: 1, families: [], is_base: true, is_trained: false, created_at: AT }],
    styleId: 1,
    loaded: true,
  }),
);
afterEach(() => {
  useDraft.setState(EMPTY, true);
  dismissLost();
});

/** A server with presets on which the pictures `gone` do not exist. */
function serving({ presets = [], gone = [] }: { presets?: Preset[]; gone?: string[] } = {}) {
  const held = [...presets];
  return serve({
    listPresets: () => held,
    createPreset: ({ body }) => {
      const made = { id: held.length + 1, ...body, problem: null, created_at: AT, updated_at: AT };
      held.push(made);
      return made;
    },
    resolvePictures: ({ body }) =>
      body.refs.map((ref: string) =>
        gone.includes(ref)
          ? null
          : { id: ref, url: `/outputs/${ref}.png`, media_type: 'image/png', width: 512, height: 512 },
      ),
    createTask: () => taskOf({ id: 9 }),
  });
}

const form = () => renderPage(<Composer phone={false} withStyles={false} />);
const open = async () => userEvent.click(await screen.findByRole('button', { name: /^Presets/ }));
const apply = async () => userEvent.click(await screen.findByRole('button', { name: 'Hall' }));

/** Saves what is in the form, and empties the form as in a new window. */
async function saveAndEmpty(): Promise<void> {
  await form();
  await open();
  await userEvent.type(screen.getByLabelText('Name of the preset'), 'Hall{Enter}');
  await screen.findByRole('button', { name: 'Hall' });
  compose({ ...EMPTY, prompt: 'another hall' });
}

test('a preset gives the control picture back with its settings, and leaves the prompt', async () => {
  const server = serving();
  compose({ prompt: 'a hall', control: { ...CONTROL, picture: picture('7_0') }, ratio: '16:9', count: 2 });
  await saveAndEmpty();
  expect(server.received('createPreset')[0]?.body.settings.recipe).toMatchObject({ prompt: '' });
  await apply();
  await waitFor(() =>
    expect(useDraft.getState().control).toMatchObject({ ...CONTROL, picture: picture('7_0') }),
  );
  expect(useDraft.getState()).toMatchObject({ prompt: 'another hall', ratio: '16:9', count: 2 });
  await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
  await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
  expect(server.received('createTask')[0]?.body.recipe).toMatchObject({
    family: 'large',
    prompt: 'another hall',
    controlnet: { ...CONTROL, image: '7_0' },
  });
});

test('a control picture that is gone is told, and nothing is sent without it', async () => {
  serving({ gone: ['7_0'] });
  compose({ prompt: 'a hall', control: { ...CONTROL, picture: picture('7_0') } });
  await saveAndEmpty();
  await apply();
  expect(await screen.findByText(/^The control picture no longer exists\./)).toBeDefined();
  expect(screen.getByText('ControlNet is on and needs a control picture.')).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Generate/ }).disabled).toBe(true);
});

test('an input picture comes back', async () => {
  serving();
  compose({ prompt: 'a hall', mode: 'img2img', input: picture('7_1') });
  await saveAndEmpty();
  await apply();
  await waitFor(() => expect(useDraft.getState()).toMatchObject({ mode: 'img2img', input: picture('7_1') }));
});

test('a preset without an input picture keeps that of the form, and tells nothing', async () => {
  serving();
  compose({ prompt: 'a hall', mode: 'img2img', count: 3 });
  await saveAndEmpty();
  compose({ input: picture('8_0') });
  await apply();
  await waitFor(() => expect(useDraft.getState()).toMatchObject({ mode: 'img2img', count: 3 }));
  expect(useDraft.getState().input).toEqual(picture('8_0'));
  expect(screen.queryByText(/no longer exists/)).toBeNull();
});

test('a model that is not here is told', async () => {
  serving();
  compose({ prompt: 'a hall', family: 'large' });
  await saveAndEmpty();
  useStudio.setState({ families: [familyOf({ id: 'small', label: { en: 'Small', zh: '小模型' } })] });
  await apply();
  expect(await screen.findByText(/large/)).toBeDefined();
});

test('a preset from before presets had a recipe is applied as it was', async () => {
  const settings: PresetSettings = {
    mode: 'txt2img',
    negative: null,
    family: null,
    seed: 7,
    count: 5,
    ratio: '4:3',
    long_side: null,
    free: null,
    params: { large: { steps: 9 } },
    loras: [],
    control: CONTROL,
    recipe: null,
  };
  serving({ presets: [{ id: 1, name: 'Hall', settings, problem: null, created_at: AT, updated_at: AT }] });
  compose({ prompt: 'a hall', control: { ...EMPTY.control, picture: picture('8_0') } });
  await form();
  await open();
  await apply();
  await waitFor(() => expect(useDraft.getState()).toMatchObject({ seed: 7, count: 5, ratio: '4:3' }));
  expect(useDraft.getState()).toMatchObject({
    params: { large: { steps: 9 } },
    control: { ...CONTROL, picture: picture('8_0') },
  });
});
