import { expect, test } from 'vitest';
import { type Draft, type Picture, useDraft } from '../draft/draft.ts';
import { familyOf } from '../testing-tasks.ts';
import { fromDraft } from './from-draft.ts';
import { fromSettings, toSettings } from './preset-settings.ts';
import type { Here } from './to-draft.ts';

const LARGE = familyOf({
  id: 'large',
  types: ['txt2img', 'img2img', 'inpaint'],
  controls: ['canny', 'depth'],
  loras: true,
  params: [
    { key: 'steps', type: 'integer', default: 20, min: 1, max: 50, effect: true },
    { key: 'negative_prompt', type: 'text', default: 'blurry', effect: true },
  ],
});
const EDITOR = familyOf({ id: 'editor', kind: 'edit', types: [], size: null, references: 4 });

const picture = (ref: string): Picture => ({ ref, url: `/${ref}`, width: 512, height: 512 });
const FRESH: Draft = { ...useDraft.getState(), prompt: 'here' };
const SET: Draft = {
  ...FRESH,
  mode: 'inpaint',
  prompt: 'a hall',
  negative: 'rust',
  family: 'large',
  seed: 7,
  count: 2,
  ratio: '4:3',
  params: { large: { steps: 9 }, editor: { steps: 3 } },
  input: picture('u1'),
  mask: picture('u2'),
  control: { enabled: true, type: 'depth', picture: picture('u3'), strength: 0.4, start: 0.1, end: 0.6 },
  loras: [{ name: 'ink', weight: 0.5 }],
};
const hereWithout = (...gone: string[]): Here => ({
  families: [LARGE, EDITOR],
  styles: [],
  pictures: new Map(
    ['u1', 'u2', 'u3', 'u4'].map((ref) => [ref, gone.includes(ref) ? null : picture(ref)] as const),
  ),
});

test('applied in an empty form, a preset makes the same recipe but for the prompt', () => {
  const { change, lost } = fromSettings(toSettings(SET, LARGE), FRESH, hereWithout());
  expect(lost).toEqual([]);
  const applied = { ...FRESH, ...change };
  expect(fromDraft(applied, LARGE, null)).toEqual({ ...fromDraft(SET, LARGE, null), prompt: 'here' });
  expect(applied).toMatchObject({ count: 2, params: SET.params });
});

test('references of an edit come back, and those that are gone are told', () => {
  const edit = {
    ...SET,
    mode: 'edit' as const,
    family: 'editor',
    references: [picture('u4'), picture('u1')],
  };
  const { change, lost } = fromSettings(toSettings(edit, EDITOR), FRESH, hereWithout('u1'));
  expect(change.references).toEqual([picture('u4')]);
  expect(lost).toEqual([{ field: 'references', what: 'picture' }]);
});

test.each([
  ['u1', 'input_image', 'input'],
  ['u2', 'mask_image', 'mask'],
] as const)(
  'a named picture that is gone is told, and none of the form takes its place: %s',
  (gone, field, part) => {
    const held = { ...FRESH, input: picture('u4'), mask: picture('u4') };
    const { change, lost } = fromSettings(toSettings(SET, LARGE), held, hereWithout(gone));
    expect(change[part]).toBeNull();
    expect(lost).toEqual([{ field, what: 'picture' }]);
  },
);

test('pictures that the preset does not name stay in the form, and nothing is told', () => {
  const plain = { ...SET, input: null, mask: null, control: { ...SET.control, picture: null } };
  const held = { ...FRESH, input: picture('u4'), mask: picture('u1'), references: [picture('u2')] };
  const control = { ...FRESH.control, picture: picture('u3') };
  const { change, lost } = fromSettings(toSettings(plain, LARGE), { ...held, control }, hereWithout());
  expect(lost).toEqual([]);
  expect(change).toMatchObject({
    ...{ input: picture('u4'), mask: picture('u1'), references: [picture('u2')] },
    control: { ...SET.control, picture: picture('u3') },
  });
});

test('a preset of pictures leaves the end picture and the length of a video as they are', () => {
  const held = { ...FRESH, end: picture('u4'), video: { seconds: 3, fps: null, keepFrames: true } };
  const { change } = fromSettings(toSettings(SET, LARGE), held, hereWithout());
  expect({ ...held, ...change }).toMatchObject({ end: { ref: 'u4' }, video: held.video });
});
