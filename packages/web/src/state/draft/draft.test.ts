import { MAX_REFERENCES } from '@limner/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromDraft } from '../recipe/from-draft.ts';
import { familyOf } from '../testing-tasks.ts';
import type { Draft } from './draft.ts';

/** The store needs the browser's storage, which does not exist in a test. */
const kept = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  },
});

let composer: typeof import('./draft.ts') & typeof import('./draft-rules.ts');
beforeAll(async () => {
  composer = {
    ...(await import('./draft.ts')),
    ...(await import('./draft-rules.ts')),
  };
});

const draft = (over: Partial<Draft> = {}): Draft => ({
  ...composer.useDraft.getState(),
  mode: 'txt2img',
  prompt: 'a dragon',
  ...over,
});

describe('what is sent', () => {
  const sent = (over: Partial<Draft>, family = familyOf()) => fromDraft(draft(over), family, null);

  test('is the prompt, the family and a size on its grid', () => {
    expect(sent({ prompt: ' a dragon ', ratio: '16:9', longSide: 500 })).toMatchObject({
      kind: 'generation',
      type: 'txt2img',
      prompt: 'a dragon',
      family: 'starter',
      width: 504,
      height: 280,
      seed: null,
    });
  });

  test('leaves out what would do nothing', () => {
    const family = familyOf({
      params: [
        { key: 'steps', type: 'integer', default: 4, effect: true },
        { key: 'guidance', type: 'number', default: null, effect: false },
        { key: 'negative_prompt', type: 'text', default: null, effect: false },
      ],
    });
    const params = { starter: { steps: 8, guidance: 3 } };
    const recipe = sent({ params, negative: 'blurry', loras: [{ name: 'ink', weight: 1 }] }, family);
    expect(recipe).toMatchObject({ params: { steps: 8 }, negative_prompt: '', loras: [] });
  });

  test('has the negative prompt that the model suggests until another is typed, which may be none', () => {
    const family = familyOf({
      params: [{ key: 'negative_prompt', type: 'text', default: 'my own', effect: true }],
    });
    const negatives = [null, 'blurry', ''].map((negative) => sent({ negative }, family).negative_prompt);
    expect(negatives).toEqual(['my own', 'blurry', '']);
  });

  test("puts a workflow's own values under inputs", () => {
    const family = familyOf({ params: [{ key: 'inputs.mood', type: 'text', default: null, effect: true }] });
    expect(sent({ params: { starter: { 'inputs.mood': 'calm' } } }, family).params).toEqual({
      inputs: { mood: 'calm' },
    });
  });

  test('names the input picture only where one is used', () => {
    const input = { ref: '12_0', url: '/outputs/12_0.png', width: 512, height: 512 };
    expect(sent({ input }).input_image).toBeNull();
    expect(sent({ input, mode: 'img2img' }).input_image).toBe('12_0');
  });
});

describe('the family', () => {
  const families = [
    familyOf({ id: 'small', experimental: true }),
    familyOf({ id: 'large', available: false }),
    familyOf({ id: 'plain' }),
  ];

  test('is the one that was picked while it can serve', () => {
    expect(composer.familyFor(families, draft({ family: 'small' }))?.id).toBe('small');
    expect(composer.familyFor(families, draft({ family: 'large' }))?.id).toBe('plain');
  });

  test('is none when nothing here knows the mode', () => {
    expect(composer.familyFor(families, draft({ mode: 'inpaint' }))).toBeNull();
  });

  test('makes layers only by choice', () => {
    const layered = familyOf({ id: 'layered', layered: true });
    const small = familyOf({ id: 'small', experimental: true });
    expect(composer.familyFor([layered, small], draft({ family: null }))?.id).toBe('small');
    expect(composer.familyFor([layered, small], draft({ family: 'layered' }))?.id).toBe('layered');
    expect(composer.familyFor([layered], draft({ family: null }))?.id).toBe('layered');
  });

  test('may be without words where a picture is taken apart into layers', () => {
    const layered = familyOf({ layered: true, types: ['txt2img', 'img2img'] });
    const input = { ref: 'u1', url: '/uploads/u1.png', width: 8, height: 8 };
    const wordless = { prompt: '', input } as const;
    expect(composer.obstacle(draft({ ...wordless, mode: 'img2img' }), layered, 1)).toBeNull();
    expect(composer.obstacle(draft({ ...wordless, mode: 'txt2img' }), layered, 1)).toBe(
      'composer.promptFirst',
    );
    expect(
      composer.obstacle(draft({ ...wordless, mode: 'img2img' }), familyOf({ types: ['img2img'] }), 1),
    ).toBe('composer.promptFirst');
  });
});

describe('an edit', () => {
  const dragon = { ref: '12_0', url: '/outputs/12_0.png', width: 512, height: 512 };
  const castle = { ...dragon, ref: 'u1' };
  const kontext = familyOf({
    id: 'kontext',
    kind: 'edit',
    types: [],
    references: 2,
    params: [{ key: 'reference_mode', type: 'choice', default: 'stitched', effect: true }],
  });
  const editing = (over: Partial<Draft> = {}): Draft => ({
    ...draft(),
    mode: 'edit',
    references: [dragon, castle],
    params: { kontext: { reference_mode: 'chained' } },
    ...over,
  });

  test('is served by families that edit, and by no others', () => {
    expect(composer.familyFor([familyOf(), kontext], editing())?.id).toBe('kontext');
    expect(composer.familyFor([kontext], draft())).toBeNull();
  });

  test('names its references in their order, and how they are read where there are several', () => {
    expect(fromDraft(editing(), kontext, null)).toMatchObject({
      kind: 'edit',
      references: ['12_0', 'u1'],
      family: 'kontext',
      params: { reference_mode: 'chained' },
      width: null,
    });
    expect(fromDraft(editing({ references: [dragon] }), kontext, null).params).toEqual({});
  });

  test('needs a picture, and no more of them than the model takes', () => {
    expect(composer.obstacle(editing({ references: [] }), kontext, 1)).toBe('composer.referenceFirst');
    const three = [dragon, castle, { ...dragon, ref: 'u2' }];
    expect(composer.obstacle(editing({ references: three }), kontext, 1)).toBe('composer.referencesTooMany');
    expect(composer.obstacle(editing(), kontext, 1)).toBeNull();
  });

  test('takes each picture once, and no more than a request may have', () => {
    composer.compose({ references: [] });
    expect(composer.addReferences([dragon, castle])).toBe(true);
    expect(composer.addReferences([dragon])).toBe(true);
    expect(composer.useDraft.getState().references).toHaveLength(2);
    const more = Array.from({ length: MAX_REFERENCES }, (_, i) => ({ ...dragon, ref: `more${i}` }));
    expect(composer.addReferences(more)).toBe(false);
    expect(composer.useDraft.getState().references).toHaveLength(MAX_REFERENCES);
  });
});

test('obstacles are reported in the order of their cures', () => {
  expect(composer.obstacle(draft(), null, 1)).toBe('composer.noModel');
  expect(composer.obstacle(draft(), familyOf(), null)).toBe('styles.first');
  expect(composer.obstacle(draft(), familyOf(), 1, ['another'])).toBe('styles.otherModel');
  expect(composer.obstacle(draft({ seedText: 'abc' }), familyOf(), 1)).toBe('composer.seedFirst');
  expect(composer.obstacle(draft({ prompt: ' ' }), familyOf(), 1)).toBe('composer.promptFirst');
  expect(composer.obstacle(draft({ mode: 'img2img' }), familyOf(), 1)).toBe('composer.inputFirst');
  expect(composer.obstacle(draft(), familyOf(), 1)).toBeNull();
});

describe('another type of control', () => {
  const control = () => ({ ...draft().control, type: 'canny' as const, strength: 0.7, start: 0, end: 1 });

  test('starts where that type is best', () => {
    const depth = composer.withType(control(), 'depth');
    expect(depth).toMatchObject({ type: 'depth', strength: 0.7, end: 0.8 });
  });

  test('keeps what somebody has set', () => {
    const depth = composer.withType({ ...control(), strength: 1.2 }, 'depth');
    expect(depth).toMatchObject({ strength: 1.2, end: 1 });
  });
});
