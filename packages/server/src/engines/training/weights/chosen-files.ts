import { type Missing, StudioError } from '@limner/contract';
import type { WeightFile, WeightFolders } from './weight-folders.ts';

export interface ChosenFiles {
  /** In the order in which they were wanted, without the missing. */
  files: string[];
  missing: Missing[];
}

/** `base`: the name of the first, if a request names it. */
export function chosenFiles(
  weights: WeightFolders,
  wanted: readonly WeightFile[],
  base: string,
): ChosenFiles {
  const found = wanted.map((file, index) => weights.find(file, index === 0 ? base : ''));
  return {
    files: found.flatMap((each) => ('file' in each ? [each.file] : [])),
    missing: found.flatMap((each) => ('missing' in each ? [each.missing] : [])),
  };
}

/** @throws StudioError `models_missing` */
export function presentFiles({ files, missing }: ChosenFiles): string[] {
  if (missing.length > 0) throw new StudioError('models_missing', { data: { missing } });
  return files;
}
