/**
 * Kills among two servers, three workers, three ComfyUI servers, Redis and Postgres, whose clocks differ by up to a minute.
 * Some servers and workers are frozen instead, for longer than their leases. `CRASH_ROUNDS` is the number of kills and freezes.
 */
import { manyCrashRounds } from '../test/crash/many-rounds.ts';

export async function run(print: (line: string) => void): Promise<void> {
  const report = await manyCrashRounds(Number(process.env.CRASH_ROUNDS ?? 200), Math.random);
  if (report === null) return print('not run: there is no PostgreSQL on this machine');
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  print(
    `${report.rounds} rounds; kills: ${listed(report.kills)}; frozen for 17 to 25 s: ${listed(report.freezes)}`,
  );
  print(`${report.acknowledged} tasks acknowledged, ${report.pictures} pictures, lost ${report.lost}`);
  print(
    `finished frames redone ${report.redone}, painted twice at once ${report.atOnce}, again although their server lived ${report.withoutReason}, again because it had died ${report.repeated}`,
  );
  print(
    `longest queue of a ComfyUI server ${report.longestQueue}; frames failed: ${listed(report.failures)}`,
  );
  print(
    `files without a row ${report.orphanFiles.length}, after the sweep ${report.orphansAfterSweep.length}; missing ${report.missingFiles.length}, of another size than their row ${report.otherFiles.length}`,
  );
  for (const file of report.orphanFiles) print(`without a row: ${file}`);
  for (const refusal of new Set(report.refusals)) print(`a process did not start or ended: ${refusal}`);
}
