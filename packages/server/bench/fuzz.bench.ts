/**
 * Drawn requests against the built server with its built-in engines, below a base path. FUZZ_REQUESTS: how many;
 * FUZZ_SEED: which; FUZZ_ONLY: one of them by its number.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fuzz } from '../test/fuzz/fuzz.ts';
import { ms } from './measure.ts';
import { startServer, stopServer } from './server-process.ts';

const COUNT = Number(process.env.FUZZ_REQUESTS ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1e6));
const ONLY = process.env.FUZZ_ONLY === undefined ? undefined : Number(process.env.FUZZ_ONLY);

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-fuzz-'));
  const { child, url } = await startServer(dataDir, {
    BASE_PATH: '/studio',
    COMFYUI_URL: 'none',
    RATE_LIMIT_PER_MINUTE: '1000000',
  });
  try {
    const report = await fuzz({ url, seed: SEED, count: COUNT, only: ONLY });
    for (const fault of report.faults) print(fault);
    const statuses = [...report.statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${n} × ${status}`);
    print(
      `seed ${SEED}: ${report.sent} requests to ${report.operations.length} operations: ${statuses.join(', ')}`,
    );
    print(
      `${report.accepted} of ${report.valid} valid ones accepted; slowest ${ms(report.slowest.ms)} (${report.slowest.name})`,
    );
    const never = report.operations.filter((name) => !report.reached.has(name));
    if (never.length > 0) print(`never accepted: ${never.join(', ')}`);
    print(`${report.faults.length} faults; the server ${child.exitCode === null ? 'lives' : 'has ended'}`);
  } finally {
    if (child.exitCode === null) await stopServer(child);
    await rm(dataDir, { recursive: true, force: true });
  }
}
