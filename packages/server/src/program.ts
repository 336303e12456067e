/** `serve` (the default) or `worker`, until SIGINT or SIGTERM, or a job of `jobs.ts`. */
import type { Bilingual } from '@limner/contract';
import { type Config, type Layout, readConfig, shellLanguage } from './config.ts';
import { JOBS } from './jobs.ts';
import { createLog, type Logger } from './log.ts';
import { serve } from './serve.ts';
import { StartProblem, startProblem } from './start-problem.ts';
import { openWorkerStudio, type StudioOptions } from './studio/studio.ts';

const DOUBLED_SIGNAL_MS = 500;
const INTERRUPTED = 130;

type Adapters = Partial<Omit<StudioOptions, 'config' | 'log'>>;

interface Running {
  /** Sent to the parent process. */
  ready: Bilingual;
  close(): Promise<void>;
}

const COMMANDS: Record<string, (config: Config, log: Logger, adapters: Adapters) => Promise<Running>> = {
  async serve(config, log, adapters) {
    const { url, close } = await serve(config, log, adapters);
    return { ready: { en: `Limner is ready at ${url}`, zh: `Limner 已就绪：${url}` }, close };
  },
  async worker(config, log, adapters) {
    const { name, close } = await openWorkerStudio({ config, log, ...adapters });
    return { ready: { en: `Limner worker "${name}" is ready`, zh: `Limner 绘制进程“${name}”已就绪` }, close };
  },
};

/** Ends the process when it cannot start. @param adapters in place of the usual ones */
export function runProgram(argv: string[], layout: Layout, adapters: Adapters = {}): void {
  run(argv, layout, adapters).catch((error) => {
    const problem = startProblem(error);
    process.stderr.write(`${problem ? problem.texts[shellLanguage()] : (error?.stack ?? error)}\n`);
    process.exit(problem?.exitCode ?? 1);
  });
}

async function run(
  [command = 'serve', ...args]: string[],
  layout: Layout,
  adapters: Adapters,
): Promise<void> {
  const job = Object.hasOwn(JOBS, command) ? JOBS[command] : undefined;
  // A parent that does not listen has opened no channel.
  if (job) return runJob(() => job(layout, args, (progress) => process.send?.(progress)));
  const start = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  const known = Object.keys({ ...COMMANDS, ...JOBS }).join(', ');
  if (!start)
    throw new StartProblem({
      en: `There is no command "${command}". Known: ${known}.`,
      zh: `没有命令“${command}”。可用：${known}。`,
    });
  const config = readConfig(layout);
  const log = createLog(config.logLevel);
  const stop = new Stop(log);
  const outdated = (problem: StartProblem) => {
    process.stderr.write(`${problem.texts[shellLanguage()]}\n`);
    stop.now({ why: 'outdated', exitCode: problem.exitCode });
  };
  const running = await start(config, log, { outdated, ...adapters });
  stop.running = running;
  process.on('SIGINT', (signal) => stop.signalled(signal));
  process.on('SIGTERM', (signal) => stop.signalled(signal));
  // Last: whoever reads it may send a signal at once.
  process.stdout.write(`${running.ready[shellLanguage()]}\n`);
}

/** Ends the process once; a second signal ends it at once. */
class Stop {
  running: Running | null = null;
  readonly #log: Logger;
  #sinceMs: number | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  signalled(signal: NodeJS.Signals): void {
    // npm forwards a Ctrl+C that the terminal has sent already, so two within a moment count as one.
    if (this.#sinceMs !== null && Date.now() - this.#sinceMs > DOUBLED_SIGNAL_MS) process.exit(1);
    this.now({ why: signal, exitCode: 0 });
  }

  now({ why, exitCode }: { why: string; exitCode: number }): void {
    if (this.#sinceMs !== null) return;
    this.#sinceMs = Date.now();
    this.#log.info({ signal: why }, 'stopping; unfinished tasks go on at the next start');
    (this.running?.close() ?? Promise.resolve()).then(
      () => process.exit(exitCode),
      (error) => {
        this.#log.fatal({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  }
}

/** A signal ends the process with its exit handlers, which remove what is not complete. */
async function runJob(job: () => Promise<unknown>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(INTERRUPTED));
  process.stdout.write(`${JSON.stringify(await job())}\n`);
}
