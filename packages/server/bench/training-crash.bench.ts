/** Twenty kills of Limner while trainings by a program begin, run and end. */
import { trainingRounds } from '../test/crash/training-rounds.ts';

export async function run(print: (line: string) => void): Promise<void> {
  const report = await trainingRounds(Number(process.env.CRASH_ROUNDS ?? 20), Math.random);
  print(
    `${report.rounds} kills: ${report.runs} trainings acknowledged, ${report.starts} starts of two stages each`,
  );
  print(
    `lost ${report.lost}, styles too many ${report.extraStyles}, stages started again ${report.startedAgain}, programs beside another ${report.beside}, left ${report.left}`,
  );
  for (const reason of report.reasons) print(reason);
}
