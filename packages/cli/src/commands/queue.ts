import { type QueueLane, StudioError, waitsBehind } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { waitingFor } from '../waiting.ts';

interface JsonOption {
  json?: boolean;
}

export function addQueue(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  const queue = program.command('queue').description(help.queue);
  queue
    .command('list')
    .description(help.queueList)
    .option('--json', help.json)
    .action(async (options: JsonOption) => done(await list(options, context)));
  for (const action of ['pause', 'resume'] as const) {
    queue
      .command(action)
      .description(help[action])
      .argument('<lane>', help.lane)
      .option('--json', help.json)
      .action(async (lane: string, options: JsonOption) => done(await set(action, lane, options, context)));
  }
}

async function list({ json }: JsonOption, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const lanes = await context.withServer(({ client }) => client.call('listLanes', {}));
  if (json) terminal.out(JSON.stringify(lanes, null, 2));
  else {
    const shown = lanes.filter((lane) => lane.available || lane.paused_at !== null || countOf(lane) > 0);
    for (const lane of shown) for (const line of describe(lane, context)) terminal.out(line);
    if (shown.every((lane) => countOf(lane) === 0)) terminal.err.write(`${words.queue.none}\n`);
  }
  return EXIT.ok;
}

const countOf = ({ running, waiting }: QueueLane): number => running.length + waiting.length;

/** Tab-separated, for `cut` and spreadsheets. */
function describe(lane: QueueLane, { words, language }: Context): string[] {
  const { queue } = words;
  const kinds = lane.kinds.map((kind) => words.kind[kind]).join(queue.comma);
  const state = lane.paused_at === null ? '' : `\t${queue.paused}`;
  return [
    `${lane.id}\t${lane.engine[language]}\t${kinds}${state}`,
    ...lane.running.map(({ task, frames, ends_within }) => {
      const percent = frames.map(({ progress }) => `${Math.floor(progress * 100)} %`).join(' ');
      const servers = [...new Set(frames.flatMap(({ server }) => server ?? []))].join(queue.comma);
      const behind = waitsBehind(frames);
      const [kind = 'generation'] = lane.kinds;
      const state = behind === null ? queue.running : waitingFor(behind, kind, words);
      return `  ${task}\t${state}\t${percent}\t${servers}\t${ends_within ? queue.left(ends_within) : queue.unknown}`;
    }),
    ...lane.waiting.map(
      ({ task, place, starts_within }) =>
        `  ${task}\t${queue.place(place)}\t${starts_within ? queue.starts(starts_within) : queue.unknown}`,
    ),
  ];
}

async function set(
  action: 'pause' | 'resume',
  id: string,
  { json }: JsonOption,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const lane = await withServer(async ({ client }) => {
    // Encoded, because a slash or a question mark in the name would change the address.
    const known = (await client.call('listLanes', {})).some((each) => each.id === id);
    if (!known) throw new StudioError('lane_not_found', { data: { id } });
    return client.call('pauseLane', { params: { lane: id }, body: { paused: action === 'pause' } });
  });
  const { queue } = words;
  terminal.out(
    json ? JSON.stringify(lane, null, 2) : action === 'pause' ? queue.isPaused(id) : queue.isResumed(id),
  );
  return EXIT.ok;
}
