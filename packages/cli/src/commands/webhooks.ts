import { type Delivery, inLanguage, TaskKind, type Webhook, WebhookEvent } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { oneOf, wholeNumber } from '../options.ts';

interface AddOptions {
  event?: WebhookEvent[];
  kind?: TaskKind[];
  json?: boolean;
}

interface JsonOption {
  json?: boolean;
}

interface PageOptions extends JsonOption {
  limit: number;
  before?: number;
}

export function addWebhooks(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.webhooks;
  const id = wholeNumber(words, 'id', 1, Number.MAX_SAFE_INTEGER);
  const webhooks = program.command('webhooks').description(help.webhooks);
  const command = (name: string, description: string): Command =>
    webhooks.command(name).description(description).option('--json', words.help.json);
  command('list', help.list).action(async (options: JsonOption) => done(await list(options, context)));
  command('add', help.add)
    .argument('<url>', help.url)
    .option('--event <status>', help.event, each(oneOf(words, '--event', WebhookEvent.options)))
    .option('--kind <kind>', help.kind, each(oneOf(words, '--kind', TaskKind.options)))
    .action(async (url: string, options: AddOptions) => done(await add(url, options, context)));
  command('remove', help.remove)
    .argument('<id>', help.id, id)
    .action(async (webhook: number) => done(await remove(webhook, context)));
  command('deliveries', help.deliveries)
    .argument('<id>', help.id, id)
    .option('--limit <n>', words.help.limit, wholeNumber(words, '--limit', 1, 200), 20)
    .option('--before <id>', help.before, id)
    .action(async (webhook: number, options: PageOptions) =>
      done(await deliveries(webhook, options, context)),
    );
  command('resend', help.resend)
    .argument('<id>', help.delivery, id)
    .action(async (delivery: number, options: JsonOption) =>
      done(await send('resendDelivery', delivery, options, context)),
    );
  command('test', help.test)
    .argument('<id>', help.id, id)
    .action(async (webhook: number, options: JsonOption) =>
      done(await send('testWebhook', webhook, options, context)),
    );
}

/** An option that may be given several times. */
const each =
  <T>(parse: (text: string) => T) =>
  (text: string, before: T[] = []): T[] => [...before, parse(text)];

async function list(
  { json }: JsonOption,
  { withServer, terminal, words, language }: Context,
): Promise<ExitCode> {
  const all = await withServer(({ client }) => client.call('listWebhooks', {}));
  if (json) terminal.out(JSON.stringify(all, null, 2));
  else if (all.length === 0) terminal.err.write(`${words.webhooks.none}\n`);
  else for (const webhook of all) terminal.out(line(webhook));
  return EXIT.ok;

  /** Tab-separated, for `cut` and spreadsheets. */
  function line({ id, url, events, kinds, enabled, problem }: Webhook): string {
    const state = enabled
      ? words.webhooks.on
      : (problem && inLanguage(problem, language).message) || words.webhooks.off;
    const wanted =
      kinds === null ? words.webhooks.allKinds : kinds.map((kind) => words.kind[kind]).join(', ');
    return [id, url, events.map((event) => words.status[event]).join(', '), wanted, state].join('\t');
  }
}

async function add(
  url: string,
  { event, kind, json }: AddOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const body = { url, ...(event ? { events: event } : {}), ...(kind ? { kinds: kind } : {}) };
  const added = await withServer(({ client }) => client.call('addWebhook', { body }));
  if (json) terminal.out(JSON.stringify(added, null, 2));
  else {
    terminal.out(words.webhooks.added(added.id));
    terminal.out(added.secret);
    terminal.err.write(`${words.webhooks.once}\n`);
  }
  return EXIT.ok;
}

async function remove(id: number, { withServer, terminal, words }: Context): Promise<ExitCode> {
  await withServer(({ client }) => client.call('removeWebhook', { params: { id } }));
  terminal.out(words.webhooks.removed(id));
  return EXIT.ok;
}

async function deliveries(
  id: number,
  { json, limit, before }: PageOptions,
  context: Context,
): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  const query = { limit, ...(before === undefined ? {} : { before }) };
  const page = await withServer(({ client }) => client.call('listDeliveries', { params: { id }, query }));
  if (json) terminal.out(JSON.stringify(page, null, 2));
  else if (page.length === 0) terminal.err.write(`${words.webhooks.noDeliveries}\n`);
  else for (const delivery of page) terminal.out(describe(delivery, context));
  return EXIT.ok;
}

/** Tab-separated. */
function describe(delivery: Delivery, { words, language }: Context): string {
  const { id, created_at, event, task_id, status, tries, http_status, error } = delivery;
  const what = event === 'test' ? words.webhooks.testEvent : `${task_id} ${words.status[event]}`;
  const why = error ? inLanguage(error, language).message : '';
  return [id, created_at, what, words.webhooks.delivery[status], tries, http_status ?? '', why].join('\t');
}

async function send(
  route: 'resendDelivery' | 'testWebhook',
  id: number,
  { json }: JsonOption,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const delivery = await withServer(({ client }) => client.call(route, { params: { id } }));
  terminal.out(
    json ? JSON.stringify(delivery, null, 2) : words.webhooks.queued(delivery.id, delivery.webhook_id),
  );
  return EXIT.ok;
}
