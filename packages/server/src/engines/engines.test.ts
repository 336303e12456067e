import { Family, type FrameRecipe, type Missing, Recipe } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { ScriptedEngine } from '../../test/scripted-engine.ts';
import { Engines, laneOf } from './engines.ts';

const gone: Missing = { what: 'server', name: 'No server', cure: { en: 'Start one.', zh: '请启动。' } };

class Offering extends ScriptedEngine {
  constructor(
    id: string,
    override readonly preference: number,
    readonly list: Family[],
    readonly stands: (request?: FrameRecipe) => Missing[] = () => [],
  ) {
    super(undefined, { id });
  }
  override families = () => this.list;
  override supports = (request?: FrameRecipe) => this.stands(request);
  override missing = () => this.stands();
}

const family = (id: string, rest: Partial<Family> = {}) =>
  Family.parse({
    id,
    kind: 'generation',
    label: { en: id, zh: id },
    description: { en: '', zh: '' },
    size: null,
    types: ['txt2img'],
    ...rest,
  });

const recipe = (rest: Partial<Recipe> = {}): Recipe => ({
  ...Recipe.parse({ kind: 'generation', type: 'txt2img', prompt: 'x' }),
  ...rest,
});

const engines = (...list: Offering[]) => new Engines(list, async () => null);

describe('a request goes', () => {
  it('to the best engine that can do it, and the answer says so', () => {
    const both = engines(
      new Offering('small', 1, [family('icons')]),
      new Offering('big', 9, [family('flux')]),
    );
    expect(both.choose(recipe()).choice).toMatchObject({ family: 'flux', engine: 'big', why: 'best' });
  });

  it('to the next best when the best lacks something', () => {
    const both = engines(
      new Offering('small', 1, [family('icons')]),
      new Offering('big', 9, [family('flux')], () => [gone]),
    );
    const { choice } = both.choose(recipe());
    expect(choice).toMatchObject({ family: 'icons', engine: 'small', why: 'best' });
    expect(choice.note.en).toBe(
      'Made with icons on Scripted, because better models are not ready. See Settings.',
    );
  });

  it('to a model with the name of its engine, and the answer says the name once', () => {
    const label = { en: 'Scripted (built in)', zh: '画手（内置）' };
    const small = new Offering('small', 1, [family('icons', { label })]);
    const both = engines(small, new Offering('big', 9, [family('flux')], () => [gone]));
    expect(both.choose(recipe()).choice.note).toEqual({
      en: 'Made with Scripted (built in), because better models are not ready. See Settings.',
      zh: '更好的模型尚未就绪（见设置），因此使用「画手（内置）」。',
    });
    expect(both.choose(recipe({ family: 'icons' })).choice.note).toEqual({
      en: 'Scripted (built in), as requested.',
      zh: '按要求使用「画手（内置）」。',
    });
  });

  it('to the family whose licence allows any use, and the answer says so', () => {
    const list = [
      family('strict', { licence: 'FLUX.1 [dev] Non-Commercial License' }),
      family('free', { licence: 'Apache-2.0' }),
    ];
    const { choice } = engines(new Offering('big', 9, list)).choose(recipe());
    expect(choice).toMatchObject({ family: 'free', why: 'best' });
    expect(choice.note.en).toBe(
      'free (Apache-2.0) comes before strict, whose licence has conditions: FLUX.1 [dev] Non-Commercial License.',
    );
    expect(choice.note.zh).toContain('strict');
  });

  it('to a stricter licence when the free family lacks something, and nothing is said of licences', () => {
    const list = [family('strict', { licence: 'Non-Commercial' }), family('free', { licence: 'MIT' })];
    const big = new Offering('big', 9, list, (request) => (request?.family === 'free' ? [gone] : []));
    const { choice } = engines(big).choose(recipe());
    expect(choice.family).toBe('strict');
    expect(choice.note.en).not.toMatch(/conditions/);
  });

  it('to a better engine whatever its licence', () => {
    const both = engines(
      new Offering('small', 1, [family('icons', { licence: 'Apache-2.0' })]),
      new Offering('big', 9, [family('flux', { licence: 'Non-Commercial' })]),
    );
    expect(both.choose(recipe()).choice).toMatchObject({ family: 'flux', engine: 'big' });
  });

  it('to the family that knows its type', () => {
    const both = engines(
      new Offering('small', 1, [family('icons'), family('paint', { types: ['txt2img', 'img2img'] })]),
    );
    expect(both.choose(recipe({ type: 'img2img' })).choice.family).toBe('paint');
  });

  describe('with style pictures', () => {
    const styled = (count: number) => ({
      style_images: Array.from({ length: count }, (_, i) => ({ image: `u${i}`, strength: null })),
    });
    const big = engines(
      new Offering('big', 9, [
        family('plain'),
        family('styled', { style_images: 2 }),
        family('edit', { kind: 'edit', types: [], references: 3, style_images: 2 }),
      ]),
    );
    const refusal = (rest: Partial<Recipe>) => {
      try {
        return big.choose(recipe(rest)).choice.family;
      } catch (error) {
        return error;
      }
    };

    it('to a family that takes them', () => {
      expect(big.choose(recipe(styled(2))).choice.family).toBe('styled');
    });

    it('nowhere when it names another, and the answer says which take them', () => {
      expect(refusal({ ...styled(1), family: 'plain' })).toMatchObject({
        code: 'unsupported',
        field: 'style_images',
        data: {
          reason: {
            en: 'it takes no style pictures. These do: styled.',
            zh: '它不支持风格图。可改用「styled」。',
          },
        },
      });
    });

    it('nowhere when there are too many; those of an edit count among its references', () => {
      expect(refusal({ ...styled(3), family: 'styled' })).toMatchObject({
        data: { reason: { en: 'it takes at most 2 style pictures.' } },
      });
      const edit = { kind: 'edit', type: null, family: 'edit' } as const;
      expect(refusal({ ...edit, ...styled(1), references: ['a', 'b'] })).toBe('edit');
      expect(refusal({ ...edit, ...styled(2), references: ['a', 'b'] })).toMatchObject({
        field: 'style_images',
        data: { reason: { en: 'it takes at most 3 pictures, references and style pictures together.' } },
      });
    });
  });

  it('with more references than the first takes, to a family that takes them; named, it is refused with their names', () => {
    const both = engines(
      new Offering('big', 9, [
        family('few', { kind: 'edit', types: [], references: 2 }),
        family('many', { kind: 'edit', types: [], references: 9 }),
      ]),
    );
    const edit = recipe({ kind: 'edit', type: null, references: ['a', 'b', 'c'] });
    expect(both.choose(edit).choice.family).toBe('many');
    expect(() => both.choose({ ...edit, family: 'few' })).toThrow(
      expect.objectContaining({
        data: expect.objectContaining({
          reason: {
            en: 'it takes at most 2 reference pictures. These take that many: many.',
            zh: '它最多接受 2 张参考图。可改用「many」。',
          },
        }),
      }),
    );
  });

  it('nowhere when it names an unknown family', () => {
    expect(() =>
      engines(new Offering('small', 1, [family('icons')])).choose(recipe({ family: 'sora' })),
    ).toThrow(expect.objectContaining({ code: 'family_not_found', field: 'family' }));
  });

  it('nowhere when the family named misses something, with the cure', () => {
    const only = engines(
      new Offering('small', 1, [family('icons')]),
      new Offering('big', 9, [family('flux')], () => [gone]),
    );
    expect(() => only.choose(recipe({ family: 'flux' }))).toThrow(
      expect.objectContaining({ code: 'models_missing', message: expect.stringContaining('Start one.') }),
    );
  });

  it('nowhere when it names a missing model, with the reason of the engine that exists', () => {
    const unknown: Missing = { ...gone, what: 'model_file', name: 'nope', cure: { en: 'Use auto.', zh: '' } };
    const cut = family('cut', { kind: 'remove_bg', types: [], label: { en: 'Cut-out', zh: '抠图' } });
    const two = engines(
      new Offering('small', 1, [cut], () => [unknown]),
      new Offering('big', 9, [cut], () => [gone]),
    );
    const asked = recipe({ kind: 'remove_bg', type: null, params: { model: 'nope' } });
    expect(() => two.choose(asked)).toThrow(
      expect.objectContaining({
        code: 'models_missing',
        field: 'params.model',
        message: 'Cut-out lacks: nope. Use auto.',
      }),
    );
  });

  it('nowhere when its only server is away, which is said before how to bring it back', () => {
    const away = { ...gone, server: 'studio' };
    const only = engines(new Offering('big', 9, [family('flux')], () => [away]));
    expect(() => only.choose(recipe({}))).toThrow(
      expect.objectContaining({ message: 'Only a ComfyUI server can do this here. Start one.' }),
    );
    expect(() => only.choose(recipe({ family: 'flux' }))).toThrow(
      expect.objectContaining({ message: 'Start one.' }),
    );
  });

  it('nowhere when the family named is for other work, which is said', () => {
    const only = engines(
      new Offering('small', 1, [family('icons'), family('film', { kind: 'video', types: [] })]),
    );
    const asked = recipe({ kind: 'video', type: null, family: 'icons' });
    expect(() => only.choose(asked)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        field: 'family',
        message: expect.stringContaining('it is for pictures from words, not for videos'),
      }),
    );
    expect(() => only.choose({ ...asked, family: 'nothing' })).toThrow(
      expect.objectContaining({ code: 'family_not_found' }),
    );
  });

  it('nowhere when no family can do it at all', () => {
    const controlnet = { enabled: true, type: 'depth' as const, image: 'u', strength: 1, start: 0, end: 1 };
    expect(() => engines(new Offering('small', 1, [family('icons')])).choose(recipe({ controlnet }))).toThrow(
      expect.objectContaining({ code: 'unsupported', field: 'controlnet' }),
    );
    const knowing = new Offering('small', 1, [family('icons')], () => [gone]);
    expect(() => engines(knowing).choose(recipe({ family: 'icons', controlnet }))).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('Start one.') }),
    );
  });
});

it('offers a family of two engines once, with what each of them lacks', async () => {
  const two = engines(
    new Offering('small', 1, [family('cut', { kind: 'remove_bg' })]),
    new Offering('big', 9, [family('cut', { kind: 'remove_bg' })], () => [gone]),
  );
  const offers = await two.offers();
  expect(offers).toHaveLength(1);
  expect(offers[0]).toMatchObject({
    available: true,
    engines: [
      { engine: 'big', available: false, missing: [gone] },
      { engine: 'small', available: true, missing: [] },
    ],
  });
});

describe('models of a family that two engines serve', () => {
  const label = (name: string) => ({ en: name, zh: name });
  const cut = (...models: string[]) =>
    family('cut', {
      kind: 'remove_bg',
      types: [],
      params: [
        {
          key: 'model',
          type: 'choice',
          default: models[0] ?? null,
          choices: models.map((value) => ({ value, label: label(value) })),
          effect: true,
        },
      ],
    });
  const asked = (model: string) =>
    recipe({ kind: 'remove_bg', type: null, family: 'cut', input_image: 'u', params: { model } });
  const only =
    (...models: string[]) =>
    (request?: FrameRecipe) =>
      request && !models.includes(request.params.model ?? '') ? [gone] : [];

  const both = () =>
    engines(
      new Offering('small', 1, [cut('person', 'plain')], only('person', 'plain')),
      new Offering('big', 9, [cut('general', 'fine')], only('general')),
    );

  it('are offered in one list, each with its engine and with what it lacks', async () => {
    const [offer] = await both().offers();
    expect(offer?.params[0]).toMatchObject({
      default: 'general',
      choices: [
        { value: 'general', engine: 'big', missing: [] },
        { value: 'fine', engine: 'big', missing: [gone] },
        { value: 'person', engine: 'small', missing: [] },
        { value: 'plain', engine: 'small', missing: [] },
      ],
    });
  });

  it('go to the engine that has them, as requested and not as a substitute', () => {
    expect(both().choose(asked('plain')).choice).toMatchObject({ engine: 'small', why: 'asked' });
    expect(both().choose(asked('general')).choice).toMatchObject({ engine: 'big', why: 'asked' });
  });

  it('are not said to be requested where the caller named none', () => {
    const alone = engines(new Offering('small', 1, [cut('person')]));
    expect(alone.choose({ ...asked('person'), params: {} }, false).choice).toMatchObject({
      why: 'best',
      note: { en: expect.not.stringContaining('requested'), zh: expect.not.stringContaining('要求') },
    });
  });

  it('go to the engine that is ready while the servers of the other are away, unless the model is only there', () => {
    const away = new Offering('big', 9, [cut('general')], (request) =>
      request && ['general', undefined].includes(request.params.model as string | undefined) ? [] : [gone],
    );
    const two = engines(new Offering('small', 1, [cut('person')], only('person', '')), away);
    const { model: _, ...params } = asked('general').params;
    const choice = two.choose({ ...asked('general'), params }).choice;
    expect(choice).toMatchObject({ engine: 'small', why: 'fallback' });
    expect(two.choose(asked('general')).choice).toMatchObject({ engine: 'big', why: 'asked' });
  });

  it('are refused by the engine that offers them, with what it lacks', () => {
    const other: Missing = { ...gone, what: 'model_file', name: 'other' };
    const two = engines(
      new Offering('small', 1, [cut('person')], () => [other]),
      new Offering('big', 9, [cut('fine')], () => [gone]),
    );
    expect(() => two.choose(asked('fine'))).toThrow(
      expect.objectContaining({ message: expect.stringContaining(gone.cure.en) }),
    );
  });

  it('are listed with the reason where one makes its engine throw', async () => {
    const broken = new Offering('big', 9, [cut('fine')], () => {
      throw new Error('no such node');
    });
    const [offer] = await engines(new Offering('small', 1, [cut('person')]), broken).offers();
    expect(offer?.params[0]?.choices).toMatchObject([
      { value: 'fine', missing: [{ name: 'cut' }] },
      { value: 'person', missing: [] },
    ]);
  });
});

describe('a planned frame goes', () => {
  const request = { ...recipe({ family: 'flux' }), family: 'flux', seed: 1 };
  const file: Missing = { ...gone, what: 'model_file', name: 'ae.safetensors' };

  it('to another engine of its family while the one chosen for it cannot', () => {
    const two = engines(
      new Offering('first', 1, [family('flux')], () => [gone]),
      new Offering('second', 2, [family('flux')]),
    );
    expect(two.forFrame(request, 'first').id).toBe('second');
  });

  it('to its engine also while only servers are away: it waits for them', () => {
    expect(
      engines(new Offering('only', 1, [family('flux')], () => [gone])).forFrame(request, 'only').id,
    ).toBe('only');
  });

  it('nowhere when a file is missing', () => {
    const only = engines(new Offering('only', 1, [family('flux')], () => [file]));
    expect(() => only.forFrame(request, 'only')).toThrow(expect.objectContaining({ code: 'models_missing' }));
  });
});

describe('a lane', () => {
  it('of its own beside the batches of the same engine has a cut-out', () => {
    const engine = new ScriptedEngine();
    expect(laneOf(engine, 'generation')).not.toBe(laneOf(engine, 'remove_bg'));
  });

  it('has as many tasks at once as its engine says, or as the installation', () => {
    const one = new ScriptedEngine(undefined, { id: 'one' });
    one.lanes.push({ id: 'alone', kinds: [], maxTasks: 1 });
    const all = new Engines([one], async () => null);
    expect(['one', 'alone', 'unknown'].map((lane) => all.maxTasks(lane, 5))).toEqual([5, 1, 5]);
    expect(['one', 'alone', 'unknown'].map((lane) => all.maxTasks(lane, null))).toEqual([3, 1, 3]);
    const wide = new Engines([new ScriptedEngine(undefined, { id: 'wide', slots: 8 })], async () => null);
    expect(wide.maxTasks('wide', null)).toBe(8);
    expect(wide.maxTasks('wide', 2)).toBe(2);
  });
});
