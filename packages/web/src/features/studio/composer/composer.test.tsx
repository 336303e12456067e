// @vitest-environment happy-dom
import type { FamilyOffer, Missing, Recipe, Style } from '@limner/contract';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { useNotices } from '../../../state/notices.ts';
import { a1111In } from '../../../state/recipe/foreign/a1111.ts';
import { dismissOffer, offerInForm, useFormOffer } from '../../../state/recipe/recipe-offer.ts';
import { dismissLost, restoreFound, restoreRecipe } from '../../../state/recipe/restore.ts';
import { useStudio } from '../../../state/studio.ts';
import { useTasks } from '../../../state/tasks.ts';
import { familyOf, taskOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { Refused, serve } from '../../../testing-server.ts';
import { Composer } from './composer.tsx';
// Loaded when it is first shown.
import './mask/mask-editor.tsx';
import { takeFiles } from './take-input-file.ts';

const STYLE: Style = {
  id: 1,
  name: 'Base',
  type: 'ui',
  lora_path: null,
  trigger_words: '',
  strength: 1,
  is_base: true,
  is_trained: false,
  family: null,
  families: [],
  created_at: '2026-05-04T10:00:00.000Z',
};

const NO_STEPS = { en: 'The number of steps is fixed.', zh: '步数固定。' };
const LARGE = familyOf({
  id: 'large',
  label: { en: 'Large', zh: '大模型' },
  types: ['txt2img', 'img2img'],
  controls: ['canny', 'depth'],
  loras: true,
  params: [
    { key: 'steps', type: 'integer', default: 20, min: 1, max: 50, effect: true },
    { key: 'negative_prompt', type: 'text', default: 'blurry', effect: true },
  ],
});
const SMALL = familyOf({
  id: 'small',
  label: { en: 'Small', zh: '小模型' },
  params: [
    { key: 'steps', type: 'integer', default: 4, effect: false, reason: NO_STEPS },
    {
      key: 'negative_prompt',
      type: 'text',
      default: null,
      effect: false,
      reason: { en: 'Small does not read a negative prompt.', zh: '小模型不读取反向提示词。' },
    },
  ],
});
const NOT_READ = { en: 'Fast ones do not read it.', zh: '加速后不读取。' };
/** One choice changes what another control does. */
const REPACKED = familyOf({
  id: 'repacked',
  licence: 'Apache-2.0',
  params: [
    {
      key: 'model',
      type: 'choice',
      default: null,
      effect: true,
      choices: [{ value: 'strict', label: { en: 'strict', zh: 'strict' }, licence: 'Non-Commercial' }],
    },
    {
      key: 'speed',
      type: 'choice',
      default: 'off',
      effect: true,
      choices: [
        { value: 'off', label: { en: 'Off', zh: '关' } },
        {
          value: 'fast',
          label: { en: 'Fast', zh: '快' },
          changes: [{ key: 'negative_prompt', default: null, effect: false, reason: NOT_READ }],
        },
      ],
    },
    { key: 'negative_prompt', type: 'text', default: null, effect: true },
  ],
});
const PICTURE = { ref: '7_0', url: '/outputs/7_0.png', width: 512, height: 512 };
const EMPTY = useDraft.getState();

const studioHas = (...families: FamilyOffer[]) =>
  useStudio.setState({ families, styles: [STYLE], styleId: 1, loaded: true });

const answering = () =>
  serve({ createTask: () => taskOf({ id: 9 }), listPresets: () => [], resolvePictures: () => [null] });

const formIn = (language: 'en' | 'zh' = 'en', phone = false) =>
  renderPage(<Composer phone={phone} withStyles={false} />, { language });

beforeEach(() => studioHas(LARGE, SMALL));

afterEach(() => {
  vi.restoreAllMocks();
  useDraft.setState(EMPTY, true);
  dismissLost();
  dismissOffer();
});

describe('a number that is none stays beside its reason', () => {
  test.each(['abc', '-5', '1e9', '99999', ' '])(
    '%j as a width is not sent and not replaced',
    async (text) => {
      answering();
      const user = userEvent.setup();
      await formIn();
      await user.type(screen.getByLabelText('Prompt'), 'a brass key');
      await user.click(screen.getByRole('button', { name: 'Free' }));
      const width = screen.getByRole('spinbutton', { name: 'Width' });
      await user.clear(width);
      await user.type(width, text);
      await user.tab();
      expect(width).toHaveProperty('value', text);
      expect(screen.getByRole('alert').textContent).toMatch(/from \d+ to \d+ px/);
      expect(width.getAttribute('aria-describedby')).toBe(screen.getByRole('alert').id);
      expect(screen.getByRole('button', { name: /^Generate/ })).toHaveProperty('disabled', true);
    },
  );

  test('full-width digits are digits, and a valid number frees the form', async () => {
    answering();
    const user = userEvent.setup();
    await formIn();
    await user.type(screen.getByLabelText('Prompt'), 'a brass key');
    const count = screen.getByRole('spinbutton', { name: 'Pictures' });
    await user.clear(count);
    expect(screen.getByRole('alert').textContent).toContain('1 to 32');
    expect(count.getAttribute('aria-describedby')).toBe(screen.getByRole('alert').id);
    expect(count.getAttribute('aria-invalid')).toBe('true');
    await user.type(count, '１２');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('button', { name: /^Generate 12 pictures/ })).toHaveProperty('disabled', false);
  });
});

describe('a slider', () => {
  const type = async (name: string, text: string) => {
    const field = screen.getByRole('spinbutton', { name });
    await userEvent.clear(field);
    await userEvent.type(field, text);
    return field;
  };
  const controlled = () => ({ ...EMPTY.control, enabled: true, picture: PICTURE, start: 0.2, end: 0.8 });

  test.each([
    ['Strength', '0 to 2', '2.5', 'A number from 0 to 2.'],
    ['Range start', '0 to 0.8', '0.9', 'A number from 0 to 0.8.'],
    ['Range end', '0.2 to 1', '0.1', 'A number from 0.2 to 1.'],
    ['Strength', '0 to 2', 'strong', 'A number from 0 to 2.'],
  ])(
    'of a control picture: %s shows %s, and %s is refused beside it',
    async (name, range, text, sentence) => {
      const server = answering();
      compose({ prompt: 'a hall', control: controlled() });
      await formIn();
      expect(screen.getAllByText(range).length).toBeGreaterThan(0);
      const field = await type(name, text);
      await userEvent.tab();
      expect(field).toHaveProperty('value', text);
      expect(screen.getByRole('alert').textContent).toBe(sentence);
      expect(screen.getByRole('button', { name: /^Generate/ })).toHaveProperty('disabled', true);
      expect(screen.getByText('Correct the marked numbers.')).toBeDefined();
      expect(server.received('createTask')).toEqual([]);
    },
  );

  test('of a control picture: what is typed in its range is sent to the digit', async () => {
    const server = answering();
    compose({ prompt: 'a hall', control: controlled() });
    await formIn();
    await type('Strength', '1.33');
    await type('Range end', '０。75');
    await type('Range start', '.05');
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    expect(server.received('createTask')[0]?.body.recipe.controlnet).toMatchObject({
      strength: 1.33,
      start: 0.05,
      end: 0.75,
    });
  });

  test('of a parameter is typed as well, in both languages', async () => {
    const server = answering();
    compose({ prompt: 'a hall' });
    await formIn('zh');
    await userEvent.click(screen.getByRole('button', { name: /^高级/ }));
    await type('步数', '51');
    expect(screen.getByRole('alert').textContent).toBe('1 到 50 之间的整数。');
    await type('步数', '50');
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /生成 4 张/ }));
    await waitFor(() => expect(server.received('createTask')[0]?.body.recipe.params).toEqual({ steps: 50 }));
  });

  test('of a second pass is asked for once it enlarges, and is not sent with a picture to paint over', async () => {
    const server = answering();
    const number = (key: 'hires_scale' | 'hires_denoise', own: number, min: number, max: number) =>
      ({ key, type: 'number', default: own, min, max, step: 0.05, effect: true }) as const;
    const params = [number('hires_scale', 1, 1, 4), number('hires_denoise', 0.5, 0.05, 1)];
    studioHas(familyOf({ id: 'mine', types: ['txt2img', 'img2img'], params }));
    compose({ prompt: 'a hall' });
    await formIn('zh');
    await userEvent.click(screen.getByRole('button', { name: /^高级/ }));
    expect(screen.queryByRole('spinbutton', { name: '二次重绘：改动幅度' })).toBeNull();
    await type('二次重绘：放大倍数', '1.5');
    await type('二次重绘：改动幅度', '0.4');
    await userEvent.click(screen.getByRole('button', { name: /生成 4 张/ }));
    const sent = (nth: number) => server.received('createTask')[nth]?.body.recipe;
    await waitFor(() => expect(sent(0)?.params).toEqual({ hires_scale: 1.5, hires_denoise: 0.4 }));
    compose({ mode: 'img2img', input: PICTURE });
    await waitFor(() => expect(screen.queryByRole('spinbutton', { name: '二次重绘：放大倍数' })).toBeNull());
    await userEvent.click(screen.getByRole('button', { name: /生成 4 张/ }));
    await waitFor(() => expect(sent(1)?.params).toEqual({}));
  });

  test('of a parameter without an end is only typed; one without a default may be empty', async () => {
    const server = answering();
    const clip: FamilyOffer['params'][number] = {
      key: 'inputs.clip',
      type: 'integer',
      default: null,
      effect: true,
    };
    const more = { ...clip, label: { en: 'Clip', zh: 'Clip' }, max: -1 };
    studioHas(familyOf({ id: 'mine', params: [more] }));
    compose({ prompt: 'a hall' });
    await formIn();
    await userEvent.click(screen.getByRole('button', { name: /^Advanced/ }));
    expect(screen.queryByRole('slider')).toBeNull();
    const field = await type('Clip', '0');
    expect(screen.getByRole('alert').textContent).toBe('A whole number of -1 or less.');
    await type('Clip', '-2');
    expect(useDraft.getState().params.mine).toEqual({ 'inputs.clip': -2 });
    await userEvent.clear(field);
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    await waitFor(() => expect(server.received('createTask')[0]?.body.recipe.params).toEqual({}));
  });

  test('of the brush shows its range, and keeps what is typed outside of it', async () => {
    answering();
    compose({ mode: 'inpaint', prompt: 'a hall', input: PICTURE, mask: null });
    studioHas(familyOf({ id: 'painter', types: ['inpaint'] }));
    await formIn();
    await userEvent.click(await screen.findByRole('button', { name: 'Paint a mask' }));
    // The editor is loaded when it is first opened.
    await screen.findByText('In percent of the longer side: 1 % to 40 %', {}, { timeout: 30_000 });
    const field = await type('Brush size', '80');
    expect(field).toHaveProperty('value', '80');
    expect(screen.getByRole('alert').textContent).toBe('A whole number from 1 % to 40 %.');
  });
});

describe('what is in the form is in the request', () => {
  test('prompt, negative prompt, seed, count, size and a moved slider', async () => {
    const server = answering();
    const user = userEvent.setup();
    await formIn();
    await user.type(screen.getByLabelText('Prompt'), 'a brass key');
    await user.clear(screen.getByLabelText(/^Negative prompt/));
    await user.type(screen.getByLabelText(/^Negative prompt/), 'rust');
    await user.type(screen.getByLabelText('Seed'), '42');
    await user.click(screen.getByLabelText('One picture fewer'));
    await user.click(screen.getByRole('button', { name: '16 : 9' }));
    await user.click(screen.getByRole('button', { name: /^Advanced/ }));
    fireEvent.keyDown(screen.getByRole('slider', { name: 'Steps' }), { keyCode: 39, which: 39 });
    await user.click(screen.getByRole('button', { name: /^Generate 3 pictures/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    const { batch_size, recipe } = server.received('createTask')[0]?.body ?? {};
    expect(batch_size).toBe(3);
    expect(recipe).toMatchObject({
      family: 'large',
      prompt: 'a brass key',
      negative_prompt: 'rust',
      seed: 42,
      params: { steps: 21 },
      style: { id: 1, name: 'Base' },
      controlnet: null,
    });
    expect(recipe.width).toBeGreaterThan(recipe.height);
  });

  test('what nobody touched is left to the model, and the negative prompt that is shown is the one sent', async () => {
    const server = answering();
    await formIn();
    expect(screen.getByLabelText<HTMLTextAreaElement>(/^Negative prompt/).value).toBe('blurry');
    await userEvent.type(screen.getByLabelText('Prompt'), 'a key{Control>}{Enter}{/Control}');
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    expect(server.received('createTask')[0]?.body.recipe).toMatchObject({
      params: {},
      seed: null,
      negative_prompt: 'blurry',
    });
    expect(useDraft.getState().promptHistory).toEqual(['a key']);
  });

  test('the control type that is shown as chosen is the one sent', async () => {
    const server = answering();
    studioHas(familyOf({ ...LARGE, controls: ['depth'] }));
    compose({
      prompt: 'a hall',
      control: { ...EMPTY.control, enabled: true, type: 'canny', picture: PICTURE },
    });
    await formIn();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    expect(server.received('createTask')[0]?.body.recipe.controlnet).toMatchObject({
      type: 'depth',
      image: '7_0',
    });
  });
});

describe('while a picture is uploaded', () => {
  const UPLOADED = { id: 'u9', url: '/uploads/u9.png', width: 512, height: 512 };

  /** Resolves the upload. */
  function slowUpload(): { server: ReturnType<typeof serve>; arrive: () => void } {
    const server = serve({
      createTask: () => taskOf({ id: 9 }),
      listPresets: () => [],
      upload: () => UPLOADED,
    });
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const answer = globalThis.fetch;
    vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
      if (init.method === 'POST' && input.includes('upload')) await arrived;
      return answer(input, init);
    });
    return { server, arrive };
  }

  const generate = () => screen.getByRole<HTMLButtonElement>('button', { name: /^Generate/ });

  async function waitsForIt({ server, arrive }: ReturnType<typeof slowUpload>) {
    await screen.findByText('The upload is not finished yet.');
    expect(generate().disabled).toBe(true);
    arrive();
    await waitFor(() => expect(generate().disabled).toBe(false));
    await userEvent.click(generate());
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    return server.received('createTask')[0]?.body.recipe;
  }

  test('nothing is generated from the mask before it', async () => {
    const upload = slowUpload();
    studioHas(familyOf({ ...LARGE, types: ['txt2img', 'img2img', 'inpaint'] }));
    vi.stubGlobal(
      'ImageData',
      class {
        readonly data: Uint8ClampedArray;
        constructor(data: Uint8ClampedArray) {
          this.data = data;
        }
      },
    );
    const drawn = { getImageData: () => ({ data: new Uint8ClampedArray(4 * 512 * 512) }) };
    const pen = new Proxy(drawn, { get: (own, key) => Reflect.get(own, key) ?? (() => {}) });
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never);
    vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((take) => take(new Blob(['mask'])));
    compose({ mode: 'inpaint', prompt: 'a hall', input: PICTURE, mask: null });
    await formIn();
    await userEvent.click(await screen.findByRole('button', { name: 'Paint a mask' }));
    const fill = { name: 'Fill the mask', hidden: true };
    await userEvent.click(await screen.findByRole('button', fill, { timeout: 30_000 }));
    await userEvent.click(screen.getByRole('button', { name: 'Done', hidden: true }));
    expect(await waitsForIt(upload)).toMatchObject({ input_image: '7_0', mask_image: 'u9' });
  });

  test.each([
    ['input', { mode: 'img2img', input: PICTURE }, { input_image: 'u9' }],
    ['reference', { mode: 'edit', references: [PICTURE] }, { references: ['7_0', 'u9'] }],
  ] as const)('nothing is generated without the new %s', async (_, draft, sent) => {
    const upload = slowUpload();
    studioHas(LARGE, familyOf({ id: 'edits', kind: 'edit', types: [], references: 3 }));
    compose({ prompt: 'a hall', ...draft, references: [...('references' in draft ? draft.references : [])] });
    await formIn();
    void takeFiles([new File(['x'], 'x.png', { type: 'image/png' })], () => {});
    expect(await waitsForIt(upload)).toMatchObject(sent);
  });
});

test('a workflow that is dropped is not uploaded, and leads to where it is imported', async () => {
  const server = serve({ upload: () => ({}) });
  const open = vi.fn();
  await takeFiles([new File(['{}'], 'castle.JSON', { type: 'application/json' })], open);
  expect(server.received('upload')).toEqual([]);
  const [notice] = useNotices.getState().notices;
  expect(notice?.text).toContain('castle.JSON is no picture');
  notice?.action?.run();
  expect(open).toHaveBeenCalledOnce();
});

describe('what is in the way', () => {
  test('without a prompt nothing is sent, and the cursor goes to the prompt', async () => {
    const server = answering();
    await formIn();
    screen.getByLabelText('Prompt').blur();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    expect(server.received('createTask')).toEqual([]);
    expect(document.activeElement).toBe(screen.getByLabelText('Prompt'));
  });

  test('what is no seed is named at its field and not sent', async () => {
    const server = answering();
    compose({ prompt: 'a key' });
    await formIn();
    await userEvent.type(screen.getByLabelText('Seed'), '12x');
    expect(screen.getByRole('alert').textContent).toBe('A seed is a whole number.');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Generate/ }).disabled).toBe(true);
    await userEvent.type(screen.getByLabelText('Prompt'), '{Control>}{Enter}{/Control}');
    expect(server.received('createTask')).toEqual([]);
  });

  test('an image to image form without a picture says so', async () => {
    answering();
    compose({ prompt: 'a key', mode: 'img2img' });
    await formIn();
    expect(screen.getByText('Image to image needs an input picture.')).toBeDefined();
  });

  test('ControlNet without a picture says so, and nothing is sent', async () => {
    const server = answering();
    compose({ prompt: 'a hall', control: { ...EMPTY.control, enabled: true } });
    await formIn();
    expect(screen.getByText('ControlNet is on and needs a control picture.')).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Generate/ }).disabled).toBe(true);
    await userEvent.type(screen.getByLabelText('Prompt'), '{Control>}{Enter}{/Control}');
    expect(server.received('createTask')).toEqual([]);
  });

  test('ControlNet on a model without control types is not in the way', async () => {
    const server = answering();
    compose({ prompt: 'a hall', family: 'small', control: { ...EMPTY.control, enabled: true } });
    await formIn();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
  });

  test('without a connection nothing is sent, and the prompt stays', async () => {
    answering();
    useTasks.setState({ connection: 'lost' });
    compose({ prompt: 'a key' });
    await formIn();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Generate/ }).disabled).toBe(true);
    expect(screen.getByLabelText<HTMLTextAreaElement>('Prompt').value).toBe('a key');
  });

  test('a refusal is shown in a sentence, and everything stays in the form', async () => {
    serve({
      listPresets: () => [],
      createTask: () => {
        throw new Refused(404, { code: 'style_not_found', data: { id: 1 } });
      },
    });
    compose({ prompt: 'a key' });
    await formIn();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    expect((await screen.findByRole('alert')).textContent).toContain('There is no style 1.');
    expect(screen.getByLabelText<HTMLTextAreaElement>('Prompt').value).toBe('a key');
  });

  test('a wildcard that does not exist is created by a button beside the refusal', async () => {
    serve({
      listPresets: () => [],
      listWildcards: () => [],
      createTask: () => {
        const nearest = { en: '', zh: '' };
        throw new Refused(404, { code: 'wildcard_not_found', data: { name: 'a b/猫', nearest } });
      },
    });
    compose({ prompt: 'a __a b/猫__' });
    await formIn();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'Create it' }));
    expect(location.pathname + location.search).toBe('/settings/wildcards?new=a%20b%2F%E7%8C%AB');
  });
});

describe('a picture that contains its recipe', () => {
  const found = { foreign: { prompt: 'a castle', negative: '', loras: [], settings: new Map() } };

  test('offers it in the form, without a time limit, until it is used', async () => {
    serve({ listPresets: () => [], resolvePictures: () => [], missingForRecipe: () => [] });
    await formIn();
    expect(screen.queryByRole('button', { name: 'Restore the recipe' })).toBeNull();
    act(() => useFormOffer.setState({ found }));
    await userEvent.click(await screen.findByRole('button', { name: 'Restore the recipe' }));
    await waitFor(() => expect(useDraft.getState().prompt).toBe('a castle'));
    expect(screen.queryByRole('button', { name: 'Restore the recipe' })).toBeNull();
  });

  test('is no longer offered after another picture without one, or when it is refused', async () => {
    serve({ listPresets: () => [] });
    useFormOffer.setState({ found });
    await formIn('zh');
    await userEvent.click(screen.getByRole('button', { name: '知道了' }));
    expect(screen.queryByText(/配方/)).toBeNull();
    act(() => useFormOffer.setState({ found }));
    await act(() => offerInForm(new File(['no picture'], 'a.txt', { type: 'text/plain' })));
    expect(screen.queryByText(/配方/)).toBeNull();
  });
});

describe('while a wildcard is typed', () => {
  const wildcard = (name: string, entries: number) => ({
    name,
    entries,
    combinations: entries,
    size_bytes: 1,
    modified_at: '2026-01-01T00:00:00.000Z',
    problem: null,
  });
  const serveWildcards = () =>
    serve({
      listPresets: () => [],
      createTask: () => taskOf({ id: 9 }),
      listWildcards: () => [wildcard('animal', 3), wildcard('places/forest', 2), wildcard('动物', 4)],
    });
  const prompt = () => screen.getByLabelText<HTMLTextAreaElement>('Prompt');

  test('arrows and Enter complete its name, and the field names the active option', async () => {
    serveWildcards();
    await formIn();
    await userEvent.type(prompt(), 'a __');
    await screen.findByRole('listbox', { name: 'Wildcards' });
    const active = () => document.getElementById(prompt().getAttribute('aria-activedescendant') ?? '');
    expect(active()?.textContent).toBe('animal3 entries');
    await userEvent.keyboard('{ArrowDown}');
    expect(active()?.textContent).toContain('places/forest');
    await userEvent.keyboard('{ArrowUp}{ArrowUp}');
    expect(active()?.textContent).toContain('动物');
    await userEvent.keyboard('for{Enter}');
    expect(screen.queryByRole('listbox')).toBeNull();
    await userEvent.keyboard(' at night');
    expect([useDraft.getState().prompt, prompt().value]).toEqual(
      Array(2).fill('a __places/forest__ at night'),
    );
    expect(screen.getByText('2 combinations')).toBeDefined();
  });

  test('Escape closes the list and keeps the field, and Ctrl+Enter still generates', async () => {
    const server = serveWildcards();
    await formIn();
    await userEvent.type(prompt(), '__an');
    await screen.findByRole('listbox');
    await userEvent.keyboard('{Escape}');
    expect([screen.queryByRole('listbox'), document.activeElement]).toEqual([null, prompt()]);
    await userEvent.keyboard('i');
    await screen.findByRole('listbox');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    expect(useDraft.getState().prompt).toBe('__ani');
  });

  test('a name is completed within a sentence without spaces, by a click too', async () => {
    serveWildcards();
    await formIn();
    fireEvent.change(prompt(), { target: { value: '森林里的__动' } });
    prompt().setSelectionRange(7, 7);
    fireEvent.select(prompt());
    await userEvent.click(await screen.findByRole('option', { name: /动物/ }));
    expect(useDraft.getState().prompt).toBe('森林里的__动物__');
  });

  test('the combinations are counted, and what is missing is said with a way to create it', async () => {
    serveWildcards();
    compose({ prompt: '{red|blue} __animal__ {a|b|{c|d}}' });
    await formIn('zh');
    await screen.findByText('共 24 种组合');
    fireEvent.change(screen.getByLabelText('提示词'), { target: { value: '__animl__' } });
    expect(screen.getByText(/没有通配符「animl」/)).toBeDefined();
    expect(screen.getByRole('link', { name: '去新建' }).getAttribute('href')).toBe(
      '/settings/wildcards?new=animl',
    );
    fireEvent.change(screen.getByLabelText('提示词'), { target: { value: 'a dragon' } });
    expect(screen.queryByText(/组合/)).toBeNull();
  });

  test('a negative prompt completes too', async () => {
    serveWildcards();
    compose({ negative: '' });
    await formIn();
    await userEvent.type(screen.getByLabelText('Negative prompt'), '__pl');
    await userEvent.click(await screen.findByRole('option'));
    expect(useDraft.getState().negative).toBe('__places/forest__');
  });
});

describe('what the model does not take', () => {
  test('is shown with the reason in its place, and is not sent', async () => {
    const server = answering();
    compose({ prompt: 'a key', family: 'small', negative: 'rust', params: { small: { steps: 9 } } });
    await formIn();
    expect(screen.getByText('Small does not read a negative prompt.')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: /^Advanced/ }));
    expect(screen.getByText('The number of steps is fixed.')).toBeDefined();
    expect(screen.queryByRole('slider')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    expect(server.received('createTask')[0]?.body.recipe).toMatchObject({ negative_prompt: '', params: {} });
  });

  test('follows the chosen LoRA for speed and the chosen file, as does the licence', async () => {
    studioHas(REPACKED);
    const server = answering();
    compose({
      prompt: 'a key',
      family: 'repacked',
      negative: 'rust',
      params: { repacked: { speed: 'fast' } },
    });
    await formIn();
    expect(screen.getByText('Fast ones do not read it.')).toBeDefined();
    expect(screen.getByText('Licence of the model: Apache-2.0')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: /^Generate/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    expect(server.received('createTask')[0]?.body.recipe).toMatchObject({
      negative_prompt: '',
      params: { speed: 'fast' },
    });
    compose({ params: { repacked: { model: 'strict' } } });
    expect(await screen.findByText('Licence of the model: Non-Commercial')).toBeDefined();
    expect(screen.queryByText('Fast ones do not read it.')).toBeNull();
  });

  test('a control picture and LoRAs that are set are said to have no effect', async () => {
    answering();
    compose({
      family: 'small',
      control: { ...EMPTY.control, enabled: true, picture: PICTURE },
      loras: [{ name: 'ember.safetensors', weight: 1 }],
    });
    await formIn();
    expect(screen.getByText('This model does not use LoRAs.')).toBeDefined();
    expect(screen.getByText('This model does not use control pictures.')).toBeDefined();
  });
});

describe('a recipe of which parts are lost', () => {
  const recipe = taskOf({
    recipe: {
      version: 1,
      kind: 'generation',
      type: 'img2img',
      family: 'gone',
      prompt: 'a bronze gate',
      negative_prompt: '',
      style: { id: 5, name: 'Ember', trigger_words: '', lora_path: null, family: null },
      loras: [],
      input_image: '3_0',
      mask_image: null,
      outpaint: null,
      references: [],
      style_images: [],
      controlnet: null,
      width: null,
      height: null,
      params: { steps: 90 },
      seed: 5,
      video: null,
      animation: null,
      training: null,
      template: null,
    },
  }).recipe;

  test('says of a picture that the recipe does not name that it is not named, once', async () => {
    answering();
    await formIn();
    const unnamed: Recipe = { ...recipe, family: null, style: null, input_image: null, params: {} };
    const sentences = async () => {
      const lost = await screen.findByRole('status', { name: 'Not restored' });
      return within(lost)
        .getAllByRole('listitem')
        .map((item) => item.textContent);
    };
    await restoreRecipe(unnamed, 1);
    expect(await sentences()).toEqual([
      'This file does not say which input picture it was made from. Choose it.',
    ]);
    await restoreRecipe(unnamed, 1, [{ field: 'input_image', what: 'pictureElsewhere' }]);
    await screen.findByText(/^The file does not contain the picture/);
    expect(await sentences()).toHaveLength(1);
  });

  test('lists a sentence for each, and shows what could be restored', async () => {
    answering();
    await formIn();
    await restoreRecipe(recipe, 1);
    const lost = await screen.findByRole('status', { name: 'Not restored' });
    const sentences = within(lost)
      .getAllByRole('listitem')
      .map((item) => item.textContent);
    expect(sentences).toContain('Model gone is not available. The best available model is used instead.');
    expect(sentences).toContain('The style Ember does not exist. The base style is used instead.');
    expect(sentences).toContain('The input picture no longer exists. Choose another.');
    expect(screen.getByLabelText<HTMLTextAreaElement>('Prompt').value).toBe('a bronze gate');
    await userEvent.click(within(lost).getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('status', { name: 'Not restored' })).toBeNull();
  });

  test('does so in Chinese', async () => {
    answering();
    await formIn('zh');
    await restoreRecipe(recipe, 1);
    const lost = await screen.findByRole('status', { name: '未能恢复' });
    expect(lost.textContent).toMatch(/Ember/);
    expect(lost.textContent).not.toMatch(/ is | the /);
  });
});

describe('a picture of another program', () => {
  const CURE = { en: 'Put inkStyle into models/loras.', zh: '请将 inkStyle 放入 models/loras。' };
  const INK: Missing = { what: 'model_file', name: 'inkStyle', server: 'Attic PC', cure: CURE };
  const missing = (found: Missing[]) =>
    serve({ listPresets: () => [], resolvePictures: () => [], missingForRecipe: () => found });
  const settings = 'Steps: 20, Seed: 5, Size: 512x512, Model: someCheckpoint';
  const found = (tags: string) => {
    const foreign = a1111In(`a castle ${tags}\n${settings}`);
    if (!foreign) throw new Error('not read');
    return { foreign };
  };

  test.each([
    [
      'en',
      'No connected server has inkStyle. For Attic PC: Put inkStyle into models/loras.',
      'Model someCheckpoint is not available. The best available model is used instead.',
    ],
    [
      'zh',
      '已连接的服务器都没有「inkStyle」。对于「Attic PC」：请将 inkStyle 放入 models/loras。',
      '模型「someCheckpoint」不可用，已改用最合适的可用模型。',
    ],
  ] as const)('says at once which LoRA and which model no server has (%s)', async (language, lora, model) => {
    const server = missing([INK]);
    await formIn(language);
    await restoreFound(found('<lora:inkStyle:0.7>'));
    expect(await screen.findByText(lora)).toBeDefined();
    expect(screen.getByText(model)).toBeDefined();
    expect(server.received('missingForRecipe')[0]?.body.recipe).toMatchObject({
      family: 'large',
      prompt: 'a castle',
      loras: [{ name: 'inkStyle', weight: 0.7 }],
      style: { id: 1 },
    });
  });

  test('says nothing where the servers have everything', async () => {
    missing([]);
    await formIn();
    await restoreFound({ foreign: { prompt: 'a castle', negative: '', loras: [], settings: new Map() } });
    await waitFor(() => expect(useDraft.getState().prompt).toBe('a castle'));
    expect(screen.queryByRole('status', { name: 'Not restored' })).toBeNull();
  });

  test('names each LoRA that a picture cannot take', async () => {
    missing([]);
    await formIn();
    const tags = Array.from({ length: 9 }, (_, n) => `<lora:l${n}:.5>`).join('');
    await restoreFound(found(`${tags}<lora:loud:5>, <hypernet:old:1>`));
    expect(await screen.findByText('A picture takes at most 8 LoRAs. l8 is omitted.')).toBeDefined();
    expect(screen.getByText('The weight 5 of LoRA loud is not from -4 to 4. It is omitted.')).toBeDefined();
    expect(screen.getByText('Limner has no setting for Hypernet old.')).toBeDefined();
    expect(useDraft.getState().loras.at(-1)).toEqual({ name: 'l7', weight: 0.5 });
  });
});

test('the form speaks Chinese', async () => {
  const server = answering();
  studioHas(SMALL);
  await formIn('zh');
  expect(screen.getByText('小模型不读取反向提示词。')).toBeDefined();
  await userEvent.type(screen.getByLabelText('提示词'), '一把铜钥匙');
  await userEvent.click(screen.getByRole('button', { name: /生成 4 张/ }));
  await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
  expect(server.received('createTask')[0]?.body.recipe.prompt).toBe('一把铜钥匙');
});

test('on a phone the sheet shows prompt and button, and all of the form when it is pulled up', async () => {
  answering();
  await formIn('en', true);
  expect(screen.queryByLabelText(/^Negative prompt/)).toBeNull();
  await userEvent.click(screen.getAllByRole('button', { name: 'All settings' })[0] as HTMLElement);
  expect(screen.getByLabelText(/^Negative prompt/)).toBeDefined();
});

describe('a video', () => {
  const made = (id: string, types: NonNullable<FamilyOffer['video']>['types']) =>
    familyOf({
      id,
      kind: 'video',
      label: { en: id, zh: id },
      types: [],
      video: {
        types,
        frames: { default: 121, min: 5, max: 121, step: 4 },
        fps: { default: 24, min: 8, max: 60 },
        sound: false,
      },
    });
  const studioFilms = () =>
    studioHas(LARGE, made('words', ['text_to_video']), made('between', ['first_last']));

  test('has the length that was asked for, in whole frames of the model, and is one task', async () => {
    studioFilms();
    const server = answering();
    await formIn();
    await userEvent.type(screen.getByLabelText('Prompt'), 'a flag');
    await userEvent.click(screen.getByText('Video'));
    const seconds = screen.getByRole('spinbutton', { name: 'Length in seconds' });
    await userEvent.clear(seconds);
    await userEvent.type(seconds, '2');
    expect(screen.getByText(/^49 frames, 2.04 s/)).toBeDefined();
    expect(screen.queryByRole('spinbutton', { name: 'Pictures' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /^Generate a video/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    const { recipe, batch_size } = server.received('createTask')[0]?.body ?? {};
    expect(batch_size).toBe(1);
    expect(recipe).toMatchObject({ kind: 'video', family: 'words', video: { frames: 49, fps: 24 } });
  });

  test('with a start and an end picture is made by a model that takes both', async () => {
    studioFilms();
    const server = answering();
    compose({ mode: 'video', prompt: 'a flag', end: PICTURE });
    await formIn();
    expect(screen.getByText('A video with an end picture needs a start picture too.')).toBeDefined();
    act(() => compose({ input: PICTURE }));
    await userEvent.click(screen.getByRole('button', { name: /^Generate a video/ }));
    await waitFor(() => expect(server.received('createTask')).toHaveLength(1));
    expect(server.received('createTask')[0]?.body.recipe).toMatchObject({
      family: 'between',
      input_image: '7_0',
      video: { end_image: '7_0' },
    });
  });
});
