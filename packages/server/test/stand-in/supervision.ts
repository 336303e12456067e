/** The supervision of programs in tests: the keeper from the sources as they are now, and short pauses. */
import path from 'node:path';
import type { Supervision } from '../../src/engines/training/program/program-trainer.ts';
import { programEnvironment } from '../../src/program-environment.ts';
import { bundled } from '../bundle.ts';
import { serverDir } from '../places.ts';

const KEEPER = path.join(serverDir, 'src', 'engines', 'training', 'program', 'program-keeper.ts');

export async function supervision(over: Partial<Supervision> = {}): Promise<Supervision> {
  return {
    keeperEntry: await bundled(KEEPER),
    env: programEnvironment(process.env),
    minFreeBytes: 0,
    graces: { intMs: 300, termMs: 300 },
    times: { logMs: 20, filesMs: 50, deviceMs: 50 },
    ...over,
  };
}
