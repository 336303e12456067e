/** A run for tests of programs: its folders are names only. */
import type { TrainerParam, TrainingParams } from '@limner/contract';
import type { ProgramJob } from './program/training-program.ts';

export function testJob(
  program: { params: TrainerParam[]; stepsOf(params: TrainingParams, pictures: number): number },
  asked: TrainingParams = {},
  about: Partial<ProgramJob> = {},
): ProgramJob {
  const standard = Object.fromEntries(program.params.map((param) => [param.key, param.default]));
  const params = { ...standard, ...asked };
  const picture = { caption: 'inkstyle, a red dragon', subject: 'a red dragon' };
  const pictures = [picture, { caption: 'inkstyle, a castle', subject: 'a castle' }, picture];
  return {
    job: { seed: 42, styleName: 'Ink', triggerWords: 'inkstyle', pictures, params },
    folder: '/runs/7',
    pictures: '/runs/7/pictures',
    sizes: pictures.map(() => ({ width: 640, height: 480 })),
    steps: program.stepsOf(params, pictures.length),
    from: null,
    ended: true,
    ...about,
  };
}
