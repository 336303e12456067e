/** Fifty kills of Limner under load, and of the ComfyUI servers behind it. */
import { comfyCrashRounds } from '../test/crash/comfy-rounds.ts';

export async function run(print: (line: string) => void): Promise<void> {
  const report = await comfyCrashRounds(Number(process.env.CRASH_ROUNDS ?? 50), Math.random);
  print(
    `${report.rounds} kills of Limner, ${report.serverKills} of 3 ComfyUI servers: ${report.acknowledged} tasks acknowledged, ${report.frames} pictures`,
  );
  print(
    `${report.prompts} prompts run, ${report.repeated} of them again because their server had died, ${report.repeatedWithoutReason.length} again without that reason`,
  );
  print(
    `lost ${report.lost}, finished frames redone ${report.redone}, frames failed by three dead servers ${report.wornOut}, failed otherwise ${report.failedOtherwise.length}`,
  );
  print(
    `orphans ${report.orphanFiles.length}, missing ${report.missingFiles.length}, temporary ${report.temporaryFiles.length}, integrity ${report.integrity}`,
  );
}
