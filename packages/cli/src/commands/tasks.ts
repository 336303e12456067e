import {
  type Frame,
  inLanguage,
  type Language,
  type Task,
  TaskKind,
  type TaskListItem,
  TaskStatus,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { localTime } from '../local-time.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { waitingFor } from '../waiting.ts';
import type { Words } from '../words.ts';
import { type DeleteOptions, deleteTasks } from './delete-tasks.ts';
import { check, type RepairOptions, repair } from './repair.ts';

interface ListOptions {
  kind?: TaskKind;
  status?: TaskStatus;
  text?: string;
  limit: number;
  before?: number;
  json?: boolean;
}

interface FrameOptions {
  frame?: number;
  json?: boolean;
}

export function addTasks(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words;
  const id = wholeNumber(words, 'id', 1, Number.MAX_SAFE_INTEGER);
  const tasks = program.command('tasks').description(help.tasks);
  tasks
    .command('list')
    .description(help.list)
    .option('--kind <kind>', help.kind, oneOf(words, '--kind', TaskKind.options))
    .option('--status <status>', help.status, oneOf(words, '--status', TaskStatus.options))
    .option('--text <words>', help.text)
    .option('--limit <n>', help.limit, wholeNumber(words, '--limit', 1, 200), 20)
    .option('--before <id>', help.before, id)
    .option('--json', help.json)
    .action(async (options: ListOptions) => done(await list(options, context)));
  tasks
    .command('show')
    .description(help.show)
    .argument('<id>', help.id, id)
    .option('--json', help.json)
    .action(async (task: number, options: FrameOptions) => done(await show(task, options, context)));
  tasks
    .command('restore')
    .description(help.restore)
    .argument('<id>', help.id, id)
    .option('--json', help.json)
    .action(async (task: number, options: FrameOptions) => done(await restore(task, options, context)));
  tasks
    .command('delete')
    .description(help.delete)
    .argument('<ids...>', help.ids, (text: string, ids: number[] = []) => [...ids, id(text)])
    .option('--yes', help.deleteYes)
    .option('--json', help.json)
    .action(async (ids: number[], options: DeleteOptions) => done(await deleteTasks(ids, options, context)));
  tasks
    .command('check')
    .description(help.check)
    .option('--json', help.json)
    .action(async (options: { json?: boolean }) => done(await check(options, context)));
  tasks
    .command('repair')
    .description(help.repair)
    .option('--dry-run', help.dryRun)
    .option('--yes', help.repairYes)
    .option('--json', help.json)
    .action(async (options: RepairOptions) => done(await repair(options, context)));
  for (const action of ['cancel', 'retry'] as const) {
    tasks
      .command(action)
      .description(help[action])
      .argument('<id>', help.id, id)
      .option('--frame <index>', help.frame, wholeNumber(words, '--frame', 0, 31))
      .option('--json', help.json)
      .action(async (task: number, options: FrameOptions) => done(await act(action, task, options, context)));
  }
}

async function list(
  { json, ...query }: ListOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const { items, nextBefore } = await withServer(({ client }) => client.tasks(query));
  if (json) terminal.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) terminal.err.write(`${words.task.none}\n`);
  else for (const item of items) terminal.out(row(item, words));
  if (!json && nextBefore !== null) terminal.err.write(`${words.task.next(nextBefore)}\n`);
  return EXIT.ok;
}

/** Tab-separated, for `cut` and spreadsheets. */
function row(item: TaskListItem, words: Words): string {
  const percent = `${Math.floor(item.progress * 100)} %`;
  const prompt = item.prompt.replace(/\s+/g, ' ').slice(0, 60);
  return [
    item.id,
    localTime(item.created_at),
    words.kind[item.task_kind],
    statusOf(item, words, item.task_kind),
    percent,
    prompt,
    ...(item.expires_at ? [`${words.field.expires}: ${localTime(item.expires_at)}`] : []),
  ].join('\t');
}

/** A running task or frame that waits on its server is not worked on yet. */
const statusOf = (
  { status, waits_behind }: Pick<TaskListItem | Frame, 'status' | 'waits_behind'>,
  words: Words,
  kind: TaskKind,
): string => (waits_behind == null ? words.status[status] : waitingFor(waits_behind, kind, words));

async function show(id: number, { json }: FrameOptions, context: Context): Promise<ExitCode> {
  const task = await context.withServer(({ client }) => client.call('getTask', { params: { id } }));
  if (json) context.terminal.out(JSON.stringify(task, null, 2));
  else for (const line of describe(task, context)) context.terminal.out(line);
  return EXIT.ok;
}

function describe(task: Task, { words, language }: Context): string[] {
  const { field } = words;
  const facts: [string, string | null][] = [
    [field.prompt, task.prompt],
    [field.status, `${statusOf(task, words, task.task_kind)} (${Math.floor(task.progress * 100)} %)`],
    [field.family, `${task.family}: ${task.choice.note[language]}`],
    [field.madeBy, madeBy(task, language)],
    [field.size, task.width && task.height ? `${task.width} × ${task.height}` : null],
    [field.seed, task.seed === null ? null : String(task.seed)],
    [field.made, localTime(task.created_at)],
    [field.ended, task.completed_at && localTime(task.completed_at)],
    [field.expires, task.expires_at && localTime(task.expires_at)],
    [field.error, task.error && inLanguage(task.error, language).message],
  ];
  return [
    `${words.kind[task.task_kind]} ${task.id}`,
    ...facts.filter(([, value]) => value).map(([name, value]) => `  ${name}: ${value}`),
    ...task.frames.map((frame) => {
      const end = frame.error ? inLanguage(frame.error, language).message : (frame.output?.url ?? '');
      return `  ${frame.index}  ${statusOf(frame, words, task.task_kind)}  ${field.seed} ${frame.seed}  ${end}`;
    }),
  ];
}

/** The engine, family and model that made the first picture, under their names at that time. */
function madeBy({ frames }: Task, language: Language): string | null {
  const labels = frames.flatMap(({ output }) => output?.provenance?.labels ?? [])[0];
  if (!labels) return null;
  const names = [labels.engine, labels.family, labels.model].flatMap((label) => label?.[language] ?? []);
  return [...new Set(names)].join(', ');
}

async function act(
  action: 'cancel' | 'retry',
  id: number,
  { frame, json }: FrameOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const task = await withServer(({ client }) =>
    frame === undefined
      ? client.call(action === 'cancel' ? 'cancelTask' : 'retryTask', { params: { id } })
      : client.call(action === 'cancel' ? 'cancelFrame' : 'retryFrame', { params: { id, index: frame } }),
  );
  terminal.out(json ? JSON.stringify(task, null, 2) : words.task.changed(id, words.status[task.status]));
  return EXIT.ok;
}

/** Restores deleted tasks from the bin. */
async function restore(
  id: number,
  { json }: FrameOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const task = await withServer(async ({ client }) => {
    await client.call('restoreFromBin', { body: { tasks: [id] } });
    return client.call('getTask', { params: { id } });
  });
  terminal.out(json ? JSON.stringify(task, null, 2) : words.task.restored(id, words.status[task.status]));
  return EXIT.ok;
}
