/** The built server as a process of its own, and what it weighs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { serverDir } from '../test/places.ts';

/** The built `limner serve`. @param logged receives each line of its log */
export async function startServer(
  dataDir: string,
  environ: Record<string, string> = {},
  logged?: (line: string) => void,
): Promise<{ child: ChildProcess; url: string }> {
  const argv = [path.join(serverDir, 'dist', 'main.js'), 'serve'];
  const { child, ready } = await startProgram(argv, dataDir, environ, { logged });
  return { child, url: addressIn(ready) };
}

/** What a server prints when it is ready. */
export const addressIn = (ready: string): string => /http\S+/.exec(ready)?.[0] ?? '';

/** A program of ours, once it is ready. @param heard receives each line that it prints */
export async function startProgram(
  argv: string[],
  dataDir: string,
  environ: Record<string, string>,
  heard: { logged?: ((line: string) => void) | undefined; printed?: (line: string) => void } = {},
): Promise<{ child: ChildProcess; ready: string }> {
  const env = { ...process.env, PORT: '0', LIMNER_DATA_DIR: dataDir, LOG_LEVEL: 'error', ...environ };
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  if (heard.logged) createInterface({ input: child.stderr }).on('line', heard.logged);
  else child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout });
  if (heard.printed) lines.on('line', heard.printed);
  const ready = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => /^Limner .*(http|ready|就绪)/.test(line) && resolve(line));
    child.once('exit', () => reject(new Error('the process ended before it was ready')));
  });
  return { child, ready };
}

export async function stopServer(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Linux only; elsewhere there is nothing to read and 0 is told. */
export const residentBytes = (pid: number | undefined): number => statusBytes(pid, 'VmRSS');

/** The most it ever held. */
export const peakBytes = (pid: number | undefined): number => statusBytes(pid, 'VmHWM');

function statusBytes(pid: number | undefined, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** The most that the processes of a server held together, looked at until `stop` is called. */
export function watchTotal(pid: number | undefined): { stop(): number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid) + childrenBytes(pid));
  }, 10);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

export function childrenBytes(pid: number | undefined): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean);
    return children.reduce((sum, child) => sum + residentBytes(Number(child)), 0);
  } catch {
    return 0;
  }
}
