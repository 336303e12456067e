/**
 * The keeper of a trainer's program: a small process of its own that leads the program's process group, writes down how
 * the program ended, and stops it on request, also when Limner is no longer there. `node keeper.js FOLDER`
 *
 * Its output is the program's: the run's log.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { ProgramExit } from './failure.ts';
import { endAll, membersOf } from './processes.ts';
import { type Order, StartFolder } from './start-folder.ts';

const BEATS_EVERY_MS = 5_000;

let stop: () => void = () => {};
const stopped = new Promise<void>((resolve) => {
  stop = resolve;
});
// SIGINT reaches the whole group, so the keeper must outlive it.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', stop);

async function kept({ command, args, cwd, mark, graces }: Order): Promise<ProgramExit> {
  const others = () => membersOf(mark, process.pid, process.pid);
  // The environment is the keeper's own.
  const program = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = exitOf(program);
  void stopped.then(async () => {
    await folder.markStopping().catch(() => undefined);
    await endAll(others, graces);
  });
  const exit = await ended;
  // Children that outlive the program would keep the device.
  await endAll(others, { intMs: 0, termMs: graces.termMs });
  return exit;
}

const exitOf = (program: ChildProcess): Promise<ProgramExit> =>
  new Promise((resolve) => {
    program.once('exit', (code, signal) => resolve({ code, signal }));
    program.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve({ code: null, signal: null, error: code ?? 'unknown' }),
    );
  });

const folder = new StartFolder(process.argv[2] ?? '');
const order = await folder.readOrder();
// Limner does not wait for it any more, or its run was deleted.
if (!order || !(await folder.claimAsKeeper().catch(() => false))) process.exit(0);

const beat = async () => {
  if (await folder.wantsStop()) stop();
  await folder.beat();
};
const beats = setInterval(() => void beat().catch(() => undefined), BEATS_EVERY_MS);
await beat();
const exit = await kept(order);
clearInterval(beats);
await folder.writeExit(exit).catch(() => undefined);
process.exit(0);
