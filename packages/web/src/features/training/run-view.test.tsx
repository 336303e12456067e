// @vitest-environment happy-dom
import type { Trainer, Training } from '@limner/contract';
import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { useStudio } from '../../state/studio.ts';
import { familyOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { RunView } from './run-view.tsx';

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const running: Training = {
  ...{ id: 7, style_name: 'Ink', style_type: 'ui', trigger_words: '', style_id: null },
  ...{ dataset_path: '/api/training/7#images', images: [], dataset: null, captioned: 0, notices: [] },
  ...{ status: 'running', params: {}, trainer: 'comfyui', family: 'flux2-klein', progress: 0, steps: 500 },
  ...{ step: 0, resume_step: 0, phase: 'caching', heard_at: minutesAgo(0), log_url: null, loss: [] },
  checkpoints: [],
  ...{
    output_lora_path: null,
    lora_notice: null,
    has_samples: true,
    preview_url: null,
    created_at: minutesAgo(9),
    started_at: minutesAgo(8),
  },
  ...{ completed_at: null, error: null, version: 1 },
};
const label = { en: 'ComfyUI', zh: 'ComfyUI' };
const trainer: Trainer = {
  ...{
    id: 'comfyui',
    label,
    description: label,
    family: 'flux2-klein',
    families: ['flux2-klein'],
    params: [],
  },
  ...{ images: { min: 1, max: 9 }, presets: [], available: true, missing: [], seconds_per_step: 9 },
};
const show = (run: Training, language: 'en' | 'zh' = 'en') => {
  serve({ getTraining: () => run, listTrainers: () => [] });
  return renderPage(<RunView id={7} />, { language });
};

test('a run says what it does, and promises no loss that its trainer does not tell', async () => {
  await show(running);
  expect(await screen.findByText('Encoding pictures and captions')).toBeDefined();
  expect(screen.queryByText('Loss')).toBeNull();
  expect(screen.queryByText(/No sign of life/)).toBeNull();
  expect(screen.getByText('No samples yet. They are painted while it trains.')).toBeDefined();
});

test.each([
  ['en', /^No sign of life for 7 min .*It is not stopped; its log may say why\.$/],
  ['zh', /^已有 7 分.*没有动静。训练未被停止，日志中可能有原因。$/],
] as const)('a silent trainer is told (%s)', async (language, sentence) => {
  await show({ ...running, heard_at: minutesAgo(7) }, language);
  expect((await screen.findByText(sentence)).getAttribute('role')).toBe('status');
});

test.each([
  ['en', 'Waiting for training 5', 'Waiting for another training', 'Step 13 of 500', /left/],
  ['zh', '等待训练 5', '等待另一个训练', '第 13 / 500 步', /还需/],
] as const)(
  'a run that waits for its device says so, and no time left (%s)',
  async (language, named, other, step, left) => {
    const waiting = { ...running, phase: 'waiting', step: 13, resume_step: 13, heard_at: null } as const;
    serve({
      getTraining: () => ({ ...waiting, waits_for: 5 }),
      listTrainers: () => [trainer],
    });
    const { unmount } = await renderPage(<RunView id={7} />, { language });
    expect(await screen.findByText(named)).toBeDefined();
    expect(screen.getByText(step)).toBeDefined();
    expect(screen.queryByText(left)).toBeNull();
    unmount();
    await show({ ...waiting, waits_for: null }, language);
    expect(await screen.findByText(other)).toBeDefined();
  },
);

test.each([
  ['en', /^Its queue is paused\. .* Step 0 of 500$/, /another training/],
  ['zh', /^所在队列已暂停.*第 0 \/ 500 步$/, /另一个训练/],
] as const)(
  'a run in a paused queue says so, and names no other run (%s)',
  async (language, sentence, other) => {
    const queued = { ...running, status: 'queued' as const, phase: null, heard_at: null };
    await show({ ...queued, paused_lane: 'comfyui-training' }, language);
    expect(await screen.findByText(sentence)).toBeDefined();
    expect(screen.queryByText(other)).toBeNull();
  },
);

test('the step of the checkpoint stands before it is resumed; without one it begins again', async () => {
  const stopped = { ...running, status: 'cancelled' as const, step: 140, phase: null };
  const { unmount } = await show({ ...stopped, resume_step: 125 });
  expect(await screen.findByRole('button', { name: 'Resume from step 125' })).toBeDefined();
  unmount();
  await show(stopped);
  expect(await screen.findByRole('button', { name: 'Train again' })).toBeDefined();
  expect(screen.getByText('It has no checkpoint and begins again at the first step.')).toBeDefined();
});

test.each(['en', 'zh'] as const)('a LoRA of another model is told (%s)', async (language) => {
  const lora_notice = { en: 'For another model.', zh: '适用于另一模型。' };
  await show({ ...running, status: 'completed', style_id: 4, lora_notice }, language);
  expect((await screen.findByText(lora_notice[language])).getAttribute('role')).toBe('status');
});

test.each([
  ['en', 'This training paints no samples.'],
  ['zh', '本次训练不绘制样图。'],
] as const)('a run without samples says that it paints none (%s)', async (language, sentence) => {
  await show({ ...running, has_samples: false }, language);
  expect(await screen.findByText(sentence)).toBeDefined();
});

test('the end of the log is read, and its progress bars write over themselves', async () => {
  const asked: string[] = [];
  const log = 'half a line\nloading\n10%\r20%\r30%';
  serve({ getTraining: () => ({ ...running, log_url: '/api/training/7/log' }), listTrainers: () => [] });
  const served = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    if (!url.endsWith('/log')) return served(url, init);
    asked.push(new Headers(init.headers).get('range') ?? '');
    return new Response(log, { status: 206, headers: { 'content-range': `bytes 100-131/132` } });
  });
  await renderPage(<RunView id={7} />);
  const pane = await screen.findByText(/loading/);
  expect(pane.textContent).toBe('loading\n30%');
  expect(screen.getByText('Only the end is shown.')).toBeDefined();
  expect(asked[0]).toBe('bytes=-65536');
});

const earlier = (step: number, in_use = false) => ({
  ...{ step, in_use, id: `7_0_${step}`, url: `/outputs/7_0_${step}.safetensors`, size_bytes: 5_000_000 },
  file_name: `Ink ${step}.safetensors`,
});

test.each([
  ['en', 'Make the LoRA of step 250 the style', 'Ink is the LoRA of step 250 now.'],
  ['zh', '将第 250 步的 LoRA 用作风格', '「Ink」现在使用第 250 步的 LoRA。'],
] as const)(
  'the LoRA of an earlier step of a failed run can become its style (%s)',
  async (language, name, told) => {
    const run: Training = {
      ...running,
      status: 'failed',
      phase: null,
      checkpoints: [earlier(250), earlier(500)],
    };
    const server = serve({
      getTraining: () => run,
      listTrainers: () => [],
      listStyles: () => [],
      chooseCheckpoint: () => ({ ...run, style_id: 4, checkpoints: [earlier(250, true), earlier(500)] }),
    });
    await renderPage(<RunView id={7} />, { language });
    await userEvent.click(await screen.findByRole('button', { name }));
    expect(await screen.findByText(told)).toBeDefined();
    expect(server.received('chooseCheckpoint')[0]).toMatchObject({
      params: { id: '7' },
      body: { step: 250 },
    });
  },
);

test.each([
  ['en', 'has the LoRA; it can be chosen there.', 'Send it now'],
  ['zh', '已有此 LoRA，可在该服务器上选用。', '现在发送'],
] as const)(
  'a server that took no file says why, and gets it once it can (%s)',
  async (language, ready, send) => {
    const note = { en: 'It takes 100 MiB.', zh: '上限 100 MiB。' };
    const server = serve({
      getTraining: () => ({
        ...running,
        status: 'completed',
        style_id: 4,
        output_lora_path: '/loras/trained-7.safetensors',
      }),
      listTrainers: () => [],
      listStyles: () => [],
      styleServers: () => [{ server: 'Attic', state: 'refused', note }],
      sendStyle: () => [{ server: 'Attic', state: 'ready', note: null }],
    });
    await renderPage(<RunView id={7} />, { language });
    expect(await screen.findByText(note[language])).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: send }));
    expect(await screen.findByText(ready, { exact: false })).toBeDefined();
    expect(server.received('sendStyle')).toHaveLength(1);
  },
);

test('a run says which trainer learnt for which model, and in how many steps', async () => {
  useStudio.setState({
    families: [familyOf({ id: 'flux2-klein', label: { en: 'FLUX.2 klein', zh: 'FLUX.2 klein' } })],
  });
  await show(running);
  expect(await screen.findByText('Trainer comfyui')).toBeDefined();
  expect(screen.getByText('Model FLUX.2 klein')).toBeDefined();
  expect(screen.getByText('Steps 500')).toBeDefined();
});

test('the id of a trainer is never shown before its label is known', async () => {
  serve({ getTraining: () => running });
  const served = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) =>
    url.endsWith('/api/trainers') ? new Promise(() => undefined) : served(url, init),
  );
  await renderPage(<RunView id={7} />);
  expect(await screen.findByText('Steps 500')).toBeDefined();
  expect(screen.queryByText(/comfyui/)).toBeNull();
});

test.each(['en', 'zh'] as const)(
  'its two ways into the lab have names of their own (%s)',
  async (language) => {
    const checkpoint = { step: 100, size_bytes: 9, in_use: false, file: 'a', url: '/a' };
    await show(
      {
        ...running,
        ...{ status: 'completed', style_id: 3, output_lora_path: 'outputs/a.safetensors' },
        checkpoints: [checkpoint as unknown as Training['checkpoints'][number]],
      },
      language,
    );
    const names = (await screen.findAllByRole('button', { name: /in the lab|在实验室/ })).map(
      ({ textContent }) => textContent,
    );
    expect(new Set(names).size).toBe(2);
  },
);
