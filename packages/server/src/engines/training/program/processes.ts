/**
 * The processes of a trainer's program. All of them carry a mark in their environment, which children inherit even where
 * they leave the process group; where the environment cannot be read, the group counts.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Its value is different for each start of a program. */
export const RUN_MARK = 'LIMNER_TRAINING_START';
/** What the run computes on, so that other Limners of this machine find it in use. */
export const DEVICE_MARK = 'LIMNER_TRAINING_DEVICE';

const isLinux = process.platform === 'linux';
const CHECK_EVERY_MS = 100;

interface Stat {
  /** Of its start, with the boot of the machine; two processes with one id differ in it. */
  startedAt: string;
  group: number;
}

let boot: string | undefined;

/** null: there is no such process, or it has ended and waits for its parent. */
const statOf = async (pid: number): Promise<Stat | null> => (isLinux ? statByProc(pid) : statByPs(pid));

function statByProc(pid: number): Stat | null {
  const stat = proc(`${pid}/stat`);
  // The second field, the name in parentheses, may contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || fields[0] === 'Z' || fields[0] === 'X') return null;
  boot ??= proc('sys/kernel/random/boot_id').trim();
  return { startedAt: `${boot}/${fields[19]}`, group: Number(fields[2]) };
}

/** Empty: it is not there, or must not be read. Read at once, because these files are in memory and there are many. */
function proc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, 'utf8');
  } catch {
    return '';
  }
}

async function statByPs(pid: number): Promise<Stat | null> {
  const [line] = await ps(['-o', 'pgid=,stat=,lstart=', '-p', String(pid)]);
  const [, group, state, startedAt] = /^\s*(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line ?? '') ?? [];
  return startedAt === undefined || state?.startsWith('Z') ? null : { startedAt, group: Number(group) };
}

const ps = (args: string[]): Promise<string[]> =>
  promisify(execFile)('ps', args).then(
    ({ stdout }) => stdout.split('\n').filter((line) => line.trim() !== ''),
    () => [],
  );

export const startOf = async (pid: number): Promise<string | null> => (await statOf(pid))?.startedAt ?? null;

/** The ids of a start's processes. `leader` is the id of its process group; `except`: one that is left out. */
export async function membersOf(mark: string, leader: number, except?: number): Promise<number[]> {
  const all = isLinux ? membersByProc(mark, leader) : await membersByGroup(leader);
  return all.filter((pid) => pid !== except);
}

const membersByProc = (mark: string, leader: number): number[] =>
  allIds().filter((pid) => {
    const stat = statByProc(pid);
    if (!stat) return false;
    const marks = environmentOf(pid);
    // A program that renames itself may have overwritten its environment.
    return marks === null ? stat.group === leader : marks.includes(`${RUN_MARK}=${mark}`);
  });

async function membersByGroup(leader: number): Promise<number[]> {
  const lines = await ps(['-A', '-o', 'pid=,pgid=,stat=']);
  return lines.flatMap((line) => {
    const [pid, group, state] = line.trim().split(/\s+/);
    return Number(group) === leader && !state?.startsWith('Z') ? Number(pid) : [];
  });
}

/** Marks of programs that compute on a device, whichever Limner started them. Known on Linux alone. */
export function startsOn(device: string): Set<string> {
  const found = new Set<string>();
  for (const pid of isLinux ? allIds() : []) {
    const marks = environmentOf(pid);
    if (!marks?.includes(`${DEVICE_MARK}=${device}`) || !statByProc(pid)) continue;
    const mark = marks.find((each) => each.startsWith(`${RUN_MARK}=`));
    if (mark) found.add(mark.slice(RUN_MARK.length + 1));
  }
  return found;
}

const allIds = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** null: it has none that can be read, such as a process of another user. */
function environmentOf(pid: number): string[] | null {
  const text = proc(`${pid}/environ`);
  return text.includes('=') ? text.split('\0') : null;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended, or another user's process has its id.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

export interface Graces {
  /** After SIGINT; a program may be writing a checkpoint. */
  intMs: number;
  /** After SIGTERM. */
  termMs: number;
}
export const USUAL_GRACES: Graces = { intMs: 30_000, termMs: 10_000 };

/** SIGINT, then SIGTERM, then SIGKILL, to all that `members` finds. Resolves when it finds none. */
export async function endAll(members: () => Promise<number[]>, { intMs, termMs }: Graces): Promise<void> {
  const sinceMs = performance.now();
  const told = new Map<number, NodeJS.Signals>();
  for (let left = await members(); left.length > 0; left = await members()) {
    const spentMs = performance.now() - sinceMs;
    const due = spentMs < intMs ? 'SIGINT' : spentMs < intMs + termMs ? 'SIGTERM' : 'SIGKILL';
    for (const pid of left) if (told.get(pid) !== due) signal(pid, due);
    for (const pid of left) told.set(pid, due);
    await pause(CHECK_EVERY_MS);
  }
}
