import { beforeAll, describe, expect, test } from 'vitest';
import type { Draft } from './composer.ts';
import { familyOf, taskOf } from './testing-tasks.ts';

/** The store keeps itself in the browser, which a test has not. */
const kept = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  },
});

let composer: typeof import('./composer.ts');
beforeAll(async () => {
  composer = await import('./composer.ts');
});

const draft = (over: Partial<Draft> = {}): Draft => ({
  ...composer.useComposer.getState(),
  prompt: 'a dragon',
  ...over,
});

describe('what is sent', () => {
  test('is the prompt, the style, the family and a size on its grid', () => {
    const request = composer.requestOf(draft({ ratio: '16:9', longSide: 500, count: 2 }), familyOf(), 3);
    expect(request).toMatchObject({
      prompt: 'a dragon',
      style_id: 3,
      family: 'starter',
      width: 504,
      height: 280,
      batch_size: 2,
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
    const request = composer.requestOf(draft({ params, negative: 'blurry' }), family, 1);
    expect(request.params).toEqual({ steps: 8 });
    expect(request).not.toHaveProperty('negative_prompt');
  });

  test("puts a workflow's own values under inputs", () => {
    const family = familyOf({ params: [{ key: 'inputs.mood', type: 'text', default: null, effect: true }] });
    const request = composer.requestOf(draft({ params: { starter: { 'inputs.mood': 'calm' } } }), family, 1);
    expect(request.params).toEqual({ inputs: { mood: 'calm' } });
  });

  test('names the input picture only where one is used', () => {
    const input = { ref: '12_0', url: '/outputs/12_0.png', width: 512, height: 512 };
    expect(composer.requestOf(draft({ input }), familyOf(), 1)).not.toHaveProperty('input_image');
    expect(composer.requestOf(draft({ input, mode: 'img2img' }), familyOf(), 1).input_image).toBe('12_0');
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
});

test('what stands in the way is told in the order it can be cured', () => {
  expect(composer.obstacle(draft(), null, 1)).toBe('composer.noModel');
  expect(composer.obstacle(draft(), familyOf(), null)).toBe('styles.first');
  expect(composer.obstacle(draft({ prompt: ' ' }), familyOf(), 1)).toBe('composer.promptFirst');
  expect(composer.obstacle(draft({ mode: 'img2img' }), familyOf(), 1)).toBe('composer.inputFirst');
  expect(composer.obstacle(draft(), familyOf(), 1)).toBeNull();
});

test('a recipe laid into the form asks for the same picture again', () => {
  const task = taskOf({
    prompt: 'a castle',
    width: 768,
    height: 512,
    params: { steps: 12 },
    family: 'starter',
  });
  composer.composeFrom(task, 77);
  const family = familyOf({ params: [{ key: 'steps', type: 'integer', default: 4, effect: true }] });
  const request = composer.requestOf(composer.useComposer.getState(), family, 1);
  expect(request).toMatchObject({
    prompt: 'a castle',
    seed: 77,
    batch_size: 1,
    width: 768,
    height: 512,
    params: { steps: 12 },
  });
});
