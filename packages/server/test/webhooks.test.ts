/** Webhooks against a real receiver: signatures, tries, restarts, refused addresses. On SQLite and Postgres. */
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type Delivery, StudioError } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });
const TO_PRIVATE = { WEBHOOKS_TO_PRIVATE_ADDRESSES: 'true' };

describe.each(['sqlite', 'postgres'] as const)('webhooks on %s', (dialect) => {
  let receiver: WebhookReceiver;
  let studio: TestStudio;
  let dataDir: string;
  let painted: Buffer | null;

  const open = (environ: Record<string, string> = TO_PRIVATE, webhookPausesMs = [20, 20, 20]) =>
    startStudio({
      dialect,
      dataDir,
      environ,
      webhookPausesMs,
      engines: [new ScriptedEngine(() => painted)],
    });

  beforeEach(async () => {
    painted = tinyPng;
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-webhooks-'));
    receiver = await new WebhookReceiver().start();
    studio = await open();
  });
  afterEach(async () => {
    await studio.close();
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const add = (body: object = {}) =>
    studio.client.call('addWebhook', { body: { url: receiver.url, ...body } as { url: string } });
  const paint = async (body: object = {}) => {
    const { id } = await studio.client.call('generate', { body: { prompt: 'a dragon', ...body } });
    return studio.ended(id);
  };
  const deliveries = (id: number): Promise<Delivery[]> =>
    studio.client.call('listDeliveries', { params: { id }, query: {} });
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error) => (error instanceof StudioError ? error.code : String(error)),
    );

  it('sends the end of a training, also where only trainings are asked for', async () => {
    await studio.close();
    const [engines, trainers] = [[new ScriptedEngine(() => painted)], [new ScriptedTrainer()]];
    studio = await startStudio({ dialect, dataDir, environ: TO_PRIVATE, engines, trainers });
    await add({ kinds: ['training'] });
    await paint();
    const file = new Blob([new Uint8Array(tinyPng)]);
    const { id: image } = await studio.client.call('upload', { file, fileName: 'a.png' });
    const images = [{ image }, { image }];
    const { id } = await studio.client.call('train', { body: { style_name: 'Ink', images } });
    await studio.ended(id);
    await eventually(() => receiver.received.length).toBe(1);
    expect(receiver.received[0]?.body).toMatchObject({
      type: 'task.completed',
      data: { task: { id, task_kind: 'training', status: 'completed' } },
    });
  });

  it('sends the end of a task, signed with the secret that is shown once', async () => {
    const { id, secret } = await add();
    const task = await paint();
    await eventually(() => receiver.received.length).toBe(1);
    const [received] = receiver.received as [WebhookReceiver['received'][number]];
    expect(receiver.isSigned(received, secret)).toBe(true);
    expect(receiver.isSigned(received, 'whsec_AAAA')).toBe(false);
    expect(received.body).toMatchObject({
      type: 'task.completed',
      timestamp: expect.stringMatching(/Z$/),
      data: { task: { id: task.id, status: 'completed', output_paths: task.output_paths } },
    });
    await eventually(async () => (await deliveries(id))[0]?.status).toBe('delivered');
    expect(await deliveries(id)).toMatchObject([
      { task_id: task.id, tries: 1, http_status: 204, next_try_at: null, error: null },
    ]);
    expect(JSON.stringify(await studio.client.call('listWebhooks', {}))).not.toContain(secret);
  });

  it('sends only the events and kinds that it is for', async () => {
    await add({ url: `${receiver.url}?failed`, events: ['failed'] });
    await add({ url: `${receiver.url}?upscale`, kinds: ['upscale'] });
    const { id } = await add({ events: ['completed'], kinds: ['generation', 'edit'] });
    await paint();
    await eventually(() => receiver.received.length).toBe(1);
    painted = null;
    await paint();
    await expect
      .poll(() => receiver.received.map(({ body }) => body.type))
      .toEqual(['task.completed', 'task.failed']);
    expect(await deliveries(id)).toHaveLength(1);
  });

  it('tries again with the same message id until the receiver takes it', async () => {
    const { id, secret } = await add();
    receiver.answers.push(500, 302);
    receiver.headers = { location: receiver.url };
    await studio.client.call('updateWebhook', { params: { id }, body: { enabled: false } });
    await paint();
    // While it is off nothing is written for it; the test event is refused.
    expect(await refusal(studio.client.call('testWebhook', { params: { id } }))).toBe('webhook_disabled');
    await studio.client.call('updateWebhook', { params: { id }, body: { enabled: true } });

    await paint();
    await eventually(async () => (await deliveries(id))[0]?.status).toBe('delivered');
    expect((await deliveries(id))[0]).toMatchObject({ tries: 3, http_status: 204, error: null });
    const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(1);
    expect(receiver.received).toHaveLength(3);
    expect(receiver.received.every((one) => receiver.isSigned(one, secret))).toBe(true);
  });

  it('gives up after the last try, and sends again on request', async () => {
    const { id } = await add();
    receiver.answers.push(...Array.from({ length: 40 }, () => 503));
    await paint();
    await eventually(async () => (await deliveries(id))[0]?.status).toBe('failed');
    expect((await deliveries(id))[0]).toMatchObject({ tries: 4, http_status: 503, next_try_at: null });
    receiver.answers.splice(0);
    const [failed] = (await deliveries(id)) as [Delivery];
    const again = await studio.client.call('resendDelivery', { params: { id: failed.id } });
    await expect
      .poll(async () => (await deliveries(id))[0])
      .toMatchObject({ id: again.id, status: 'delivered' });
    expect(again.message_id).not.toBe(failed.message_id);
  });

  it('switches a webhook off whose address is gone', async () => {
    const { id } = await add();
    receiver.answers.push(410);
    await paint();
    await eventually(async () => (await studio.client.call('listWebhooks', {}))[0]?.enabled).toBe(false);
    expect((await studio.client.call('listWebhooks', {}))[0]?.problem?.code).toBe('webhook_gone');
    expect((await deliveries(id))[0]).toMatchObject({ status: 'failed', http_status: 410 });
  });

  it('sends after a restart what was not sent before', async () => {
    await studio.close();
    studio = await open(TO_PRIVATE, [1500]);
    const { id } = await add();
    receiver.answers.push(500);
    await paint();
    await eventually(async () => (await deliveries(id))[0]?.tries).toBe(1);
    expect((await deliveries(id))[0]).toMatchObject({
      status: 'waiting',
      http_status: 500,
      next_try_at: expect.any(String),
      error: { code: 'webhook_failed' },
    });
    await studio.close();
    studio = await open();
    await eventually(async () => (await deliveries(id))[0]?.status).toBe('delivered');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      receiver.received[0]?.headers['webhook-id'],
      receiver.received[0]?.headers['webhook-id'],
    ]);
  });

  it('sends a test, replaces the secret, and forgets a removed webhook', async () => {
    const first = await add();
    const { secret } = await studio.client.call('renewWebhookSecret', { params: { id: first.id } });
    expect(secret).not.toBe(first.secret);
    await studio.client.call('testWebhook', { params: { id: first.id } });
    await eventually(() => receiver.received.length).toBe(1);
    const [received] = receiver.received as [WebhookReceiver['received'][number]];
    expect(received.body).toMatchObject({ type: 'test', data: {} });
    expect(receiver.isSigned(received, secret)).toBe(true);
    await studio.client.call('removeWebhook', { params: { id: first.id } });
    expect(await refusal(deliveries(first.id))).toBe('webhook_not_found');
    await paint();
    expect(receiver.received).toHaveLength(1);
  });

  it('sends to each address on its own, beside one that does not answer', async () => {
    const calls: Socket[] = [];
    const silent = createServer((socket) => calls.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await add({ url: `http://127.0.0.1:${port}/` });
    await add();
    await Promise.all(Array.from({ length: 12 }, () => paint()));
    await eventually(() => receiver.received.length).toBe(12);
    // Of the silent one only the first round has begun.
    expect(calls.length).toBeLessThanOrEqual(8);
    silent.close();
    for (const call of calls) call.destroy();
  });

  it('refuses an address that another webhook has, however it is written', async () => {
    const { id } = await add();
    const other = await add({ url: `${receiver.url}?other` });
    const taken = { code: 'webhook_exists', data: { id }, field: 'url' };
    await expect(
      add({ url: receiver.url.replace('http', 'HTTP'), events: ['failed'] }),
    ).rejects.toMatchObject(taken);
    const change = (url: string) =>
      studio.client.call('updateWebhook', { params: { id: other.id }, body: { url } });
    await expect(change(receiver.url)).rejects.toMatchObject(taken);
    expect((await change(other.url)).url).toBe(other.url);
    const added = await Promise.allSettled([1, 2, 3].map(() => add({ url: `${receiver.url}?at-once` })));
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses to send again to a webhook that is off, where the delivery would wait', async () => {
    const { id } = await add();
    await paint();
    await eventually(async () => (await deliveries(id))[0]?.status).toBe('delivered');
    const [sent] = (await deliveries(id)) as [Delivery];
    await studio.client.call('updateWebhook', { params: { id }, body: { enabled: false } });
    const resent = studio.client.call('resendDelivery', { params: { id: sent.id } });
    expect(await refusal(resent)).toBe('webhook_disabled');
    expect(await deliveries(id)).toHaveLength(1);
  });

  it('stays as it is when an update names no field', async () => {
    const { secret: _, ...webhook } = await add();
    const updated = await studio.client.call('updateWebhook', { params: { id: webhook.id }, body: {} });
    expect(updated).toEqual(webhook);
  });

  it('is tested, or is gone, when both are asked for at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await add();
      const [, tested] = await Promise.all([
        studio.client.call('removeWebhook', { params: { id } }),
        refusal(studio.client.call('testWebhook', { params: { id } })),
      ]);
      expect([null, 'webhook_not_found']).toContain(tested);
    }
  });

  it('never calls an address inside a private network', async () => {
    const { id } = await add({ url: receiver.url.replace('127.0.0.1', 'localhost') });
    await studio.close();
    studio = await open({});
    for (const url of [
      'http://169.254.169.254/latest',
      'http://127.0.0.1:1/',
      'http://[::1]/',
      'http://10.0.0.1/',
      'http://localhost:1/',
      'http://LOCALHOST./',
      'http://a.localhost/',
      'http://ip6-localhost/',
    ])
      expect(await refusal(add({ url }))).toBe('webhook_refused');
    for (const url of ['ftp://example.com/', 'no address', 'javascript:alert(1)'])
      expect(await refusal(add({ url }))).toBe('invalid_request');
    await paint();
    await eventually(async () => (await deliveries(id))[0]?.status).toBe('failed');
    expect((await deliveries(id))[0]).toMatchObject({
      http_status: null,
      error: { code: 'webhook_refused' },
    });
    expect(receiver.received).toEqual([]);
  });
});
