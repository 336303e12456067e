import type { Delivery, NewWebhook } from '@limner/contract';
import { afterEach, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { type TestStudio, testStudio, testTerminal } from './testing.ts';

let studio: TestStudio | undefined;
afterEach(() => studio?.close());

async function limner(argv: string[], answers: Record<string, unknown> = {}) {
  studio = await testStudio(answers);
  const terminal = testTerminal({ LIMNER_URL: studio.url }, false);
  const exitCode = await run(argv, terminal);
  return { exitCode, out: terminal.lines, err: terminal.errors(), asked: studio.received };
}

const webhook: NewWebhook = {
  id: 3,
  url: 'https://example.com/hook',
  events: ['completed', 'failed'],
  kinds: ['generation'],
  enabled: true,
  problem: null,
  created_at: '2026-01-01T00:00:00.000Z',
  secret: 'whsec_AAAA',
};
const delivery: Delivery = {
  id: 9,
  message_id: 'msg_1_3_9',
  webhook_id: 3,
  event: 'completed',
  task_id: 12,
  status: 'failed',
  tries: 8,
  next_try_at: null,
  http_status: 503,
  error: {
    code: 'webhook_failed',
    message: '',
    data: { host: 'example.com', reason: { en: 'it answered 503', zh: '对方返回 503' } },
  },
  created_at: '2026-01-01T00:00:00.000Z',
  tried_at: null,
};

it('adds a webhook and prints its secret on a line of its own', async () => {
  const argv = [
    'webhooks',
    'add',
    webhook.url,
    '--event',
    'completed',
    '--event',
    'failed',
    '--kind',
    'generation',
  ];
  const { exitCode, out, err, asked } = await limner(argv, { 'POST /api/webhooks': webhook });
  expect(exitCode).toBe(EXIT.ok);
  expect(out[1]).toBe('whsec_AAAA');
  expect(err).toContain('not shown again');
  expect(asked.at(-1)?.body).toEqual({
    url: webhook.url,
    events: ['completed', 'failed'],
    kinds: ['generation'],
  });
});

it('lists webhooks and deliveries, with the reason of a failure in the language of the shell', async () => {
  const { out } = await limner(['webhooks', 'list'], { 'GET /api/webhooks': [webhook] });
  expect(out).toEqual(['3\thttps://example.com/hook\tcompleted, failed\tgeneration\ton']);
  await studio?.close();
  const shown = await limner(['webhooks', 'deliveries', '3', '--lang', 'zh'], {
    'GET /api/webhooks/3/deliveries?limit=20': [delivery],
  });
  expect(shown.out[0]).toMatch(/^9\t.*\t12 已完成\t失败\t8\t503\t向 example\.com 投递失败：对方返回 503。$/);
});

it('sends again and tests', async () => {
  const { out } = await limner(['webhooks', 'resend', '9'], {
    'POST /api/webhooks/deliveries/9/resend': { ...delivery, id: 10 },
  });
  expect(out[0]).toContain('limner webhooks deliveries 3');
  await studio?.close();
  expect((await limner(['webhooks', 'test', '3'], { 'POST /api/webhooks/3/test': delivery })).exitCode).toBe(
    EXIT.ok,
  );
});

it('refuses an event that no task ends with', async () => {
  const { exitCode, err } = await limner(['webhooks', 'add', webhook.url, '--event', 'running']);
  expect(exitCode).toBe(EXIT.usage);
  expect(err).toContain('completed');
});
