/** Two hundred kills under load. */
import { crashRounds } from '../test/crash/crash-rounds.ts';

export async function run(print: (line: string) => void): Promise<void> {
  const report = await crashRounds(Number(process.env.CRASH_ROUNDS ?? 200), Math.random);
  print(
    `${report.rounds} kills: ${report.acknowledged} tasks acknowledged, ${report.frames} pictures, ${report.repeated} runs broken off and repeated`,
  );
  print(
    `lost ${report.lost}, finished frames redone ${report.redone}, orphans ${report.orphanFiles.length}, missing ${report.missingFiles.length}, temporary ${report.temporaryFiles.length}, integrity ${report.integrity}`,
  );
}
