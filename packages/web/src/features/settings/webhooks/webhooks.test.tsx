// @vitest-environment happy-dom
import type { Delivery, NewWebhook, Webhook } from '@limner/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderPage } from '../../../testing-page.tsx';
import { Refused, serve } from '../../../testing-server.ts';
import { Webhooks } from './webhooks.tsx';

const webhook = (more: Partial<Webhook> = {}): Webhook => ({
  id: 3,
  url: 'https://example.com/hook',
  events: ['completed', 'failed'],
  kinds: null,
  enabled: true,
  problem: null,
  created_at: '2026-01-01T00:00:00.000Z',
  ...more,
});
const delivery = (more: Partial<Delivery> = {}): Delivery => ({
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
  ...more,
});

test('a webhook is added, and its secret is shown until it is closed', async () => {
  const all: Webhook[] = [];
  const server = serve({
    listWebhooks: () => all,
    addWebhook: ({ body }): NewWebhook => {
      all.push(webhook({ url: body.url, events: body.events, kinds: body.kinds }));
      return { ...(all[0] as Webhook), secret: 'whsec_AAAA' };
    },
  });
  await renderPage(<Webhooks />);
  await screen.findByText('There are no webhooks yet.');
  await userEvent.click(screen.getByRole('button', { name: 'Add a webhook' }));
  const form = within(await screen.findByRole('dialog'));
  await userEvent.type(form.getByLabelText('Address'), 'https://example.com/hook');
  await userEvent.click(form.getByRole('checkbox', { name: 'Cancelled' }));
  await userEvent.click(form.getByRole('button', { name: 'Add a webhook' }));
  await screen.findByDisplayValue('whsec_AAAA');
  expect(server.received('addWebhook')[0]?.body).toEqual({
    url: 'https://example.com/hook',
    events: ['completed', 'partial', 'failed'],
    kinds: null,
  });
  await userEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByDisplayValue('whsec_AAAA')).toBeNull();
});

test('a refused address is reported at its field, and the form stays', async () => {
  serve({
    listWebhooks: () => [],
    addWebhook: () => {
      throw new Refused(422, { code: 'webhook_refused', field: 'url', data: { host: '10.0.0.1' } });
    },
  });
  await renderPage(<Webhooks />);
  await userEvent.click(await screen.findByRole('button', { name: 'Add a webhook' }));
  const form = within(await screen.findByRole('dialog'));
  await userEvent.type(form.getByLabelText('Address'), 'http://10.0.0.1/');
  await userEvent.click(form.getByRole('button', { name: 'Add a webhook' }));
  expect((await form.findByRole('alert')).textContent).toContain('10.0.0.1');
});

test('deliveries are shown with their reason and sent again', async () => {
  const sent = [delivery()];
  const server = serve({
    listWebhooks: () => [webhook()],
    listDeliveries: () => sent,
    resendDelivery: () => {
      sent.unshift(delivery({ id: 10, status: 'delivered', tries: 1, error: null, http_status: 204 }));
      return sent[0];
    },
  });
  await renderPage(<Webhooks />);
  await userEvent.click(await screen.findByRole('button', { name: 'Deliveries' }));
  const list = within(await screen.findByRole('list', { name: 'Deliveries' }));
  await list.findByText(/8 tries\. The delivery to example\.com failed: it answered 503\./);
  await userEvent.click(list.getByRole('button', { name: 'Send again' }));
  await list.findByText('Delivered');
  expect(server.received('resendDelivery')[0]?.params).toEqual({ id: '9' });
});

test('a webhook that was switched off says why and is switched on again', async () => {
  let shown = webhook({
    enabled: false,
    problem: { code: 'webhook_gone', message: '', data: { host: 'example.com' } },
  });
  const server = serve({
    listWebhooks: () => [shown],
    updateWebhook: ({ body }) => {
      shown = webhook({ enabled: body.enabled });
      return shown;
    },
  });
  await renderPage(<Webhooks />);
  await screen.findByText(/example\.com answered that it is gone/);
  await userEvent.click(screen.getByRole('switch'));
  await waitFor(() => expect(screen.queryByText(/is gone/)).toBeNull());
  expect(server.received('updateWebhook')[0]?.body).toEqual({ enabled: true });
});
