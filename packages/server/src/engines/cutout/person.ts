/** A mask of the people in a picture, by MediaPipe's small segmentation network. */
import { join } from 'node:path';
import type { Pixels } from '../embedded/picture.ts';
import { floats, runForOne, shippedSession } from '../embedded/sessions.ts';
import { type Mask, planesFor } from './masked.ts';

export const PERSON_FILES = ['person.onnx'] as const;
const SIDE_PX = 256;

export async function personMask(source: Pixels, modelsDir: string): Promise<Mask> {
  const session = await shippedSession(join(modelsDir, 'cutout'), PERSON_FILES[0]);
  const input = await floats(await planesFor(source, SIDE_PX, SIDE_PX), [1, 3, SIDE_PX, SIDE_PX]);
  const { data } = await runForOne(session, { [session.inputNames[0] as string]: input });
  return { width: SIDE_PX, height: SIDE_PX, values: data };
}

/** Confidence that there is a person, 0…1: the mask covers a fair part of the picture and few pixels are undecided. */
export function personConfidence({ values }: Mask): number {
  const sure = values.reduce((count, value) => count + (value > 0.9 ? 1 : 0), 0) / values.length;
  const unsure =
    values.reduce((count, value) => count + (value > 0.2 && value < 0.8 ? 1 : 0), 0) / values.length;
  if (sure < 0.03) return 0;
  return Math.max(0, 1 - (2 * unsure) / (sure + unsure));
}
