/**
 * Drawn requests against the built server with its built-in engines, below a base path. FUZZ_REQUESTS: how many;
 * FUZZ_SEED: which; FUZZ_ONLY: one of them by its number.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WITHOUT_COMFYUI } from '../test/fuzz/examples.ts';
import { fuzz } from '../test/fuzz/fuzz.ts';
import { megabytes, ms } from './measure.ts';
import { childrenBytes, residentBytes, startServer, stopServer } from './server-process.ts';

const COUNT = Number(process.env.FUZZ_REQUESTS ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1e6));
const ONLY = process.env.FUZZ_ONLY === undefined ? undefined : Number(process.env.FUZZ_ONLY);

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-fuzz-'));
  const errors: string[] = [];
  const environ = { BASE_PATH: '/studio', COMFYUI_URL: 'none', RATE_LIMIT_PER_MINUTE: '1000000' };
  const { child, url } = await startServer(dataDir, environ, (line) => errors.push(line));
  const held: string[] = [];
  const weigh = async () => {
    held.push(await heldBy(child.pid));
  };
  try {
    await weigh();
    const report = await fuzz({ url, seed: SEED, count: COUNT, only: ONLY, afterRound: weigh });
    for (const fault of [...report.faults, ...errors.map((line) => `logged: ${line}`)]) print(fault);
    const statuses = [...report.statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${n} × ${status}`);
    print(
      `seed ${SEED}: ${report.sent} requests to ${report.operations.length} operations: ${statuses.join(', ')}`,
    );
    print(
      `${report.accepted} of ${report.valid} valid ones accepted; slowest ${ms(report.slowest.ms)} (${report.slowest.name})`,
    );
    const never = report.operations.filter((name) => !report.reached.has(name));
    print(`never accepted: ${never.filter((name) => !(name in WITHOUT_COMFYUI)).join(', ') || 'none'}`);
    for (const name of never.filter((name) => name in WITHOUT_COMFYUI))
      print(`  out of reach: ${name}: ${WITHOUT_COMFYUI[name]}`);
    // At the start, after the first round, half way, and at the end.
    const shown = [...new Set([0, 1, held.length >> 1, held.length - 1])];
    for (const round of shown) print(`after ${round} rounds: ${held[round]}`);
    print(
      `${report.faults.length} faults, ${errors.length} errors logged; the server ${child.exitCode === null ? 'lives' : 'has ended'}`,
    );
  } finally {
    if (child.exitCode === null) await stopServer(child);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Linux only. */
async function heldBy(pid: number | undefined): Promise<string> {
  const handles = (await readdir(`/proc/${pid}/fd`).catch(() => [])).length;
  return `${megabytes(residentBytes(pid))}, its children ${megabytes(childrenBytes(pid))}, ${handles} handles`;
}
