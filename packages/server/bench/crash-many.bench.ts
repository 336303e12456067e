/**
 * Kills among two servers, three workers, three ComfyUI servers, Redis and Postgres, whose clocks differ by up to a minute.
 * `CRASH_ROUNDS` is the number of kills.
 */
import { manyCrashRounds } from '../test/crash/many-rounds.ts';

export async function run(print: (line: string) => void): Promise<void> {
  const report = await manyCrashRounds(Number(process.env.CRASH_ROUNDS ?? 200), Math.random);
  if (report === null) return print('not run: there is no PostgreSQL on this machine');
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  print(`${report.rounds} rounds; kills: ${listed(report.kills)}`);
  print(`${report.acknowledged} tasks acknowledged, ${report.pictures} pictures, lost ${report.lost}`);
  print(
    `finished frames redone ${report.redone}, painted twice at once ${report.atOnce}, again although their server lived ${report.withoutReason}, again because it had died ${report.repeated}`,
  );
  print(
    `longest queue of a ComfyUI server ${report.longestQueue}; frames failed: ${listed(report.failures)}`,
  );
  print(`orphans ${report.orphanFiles.length}, missing ${report.missingFiles.length}`);
  for (const refusal of new Set(report.refusals)) print(`a process did not start or ended: ${refusal}`);
}
