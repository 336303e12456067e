/** Weights that ship with Limner: each folder has a `weights.json` that names its files and their SHA-256. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Missing, StudioError } from '@limner/contract';

interface WeightsList {
  files: Record<string, { sha256: string; size_bytes: number }>;
}

/** The bytes of one file, or `weights_damaged` when they are not what was shipped. */
export async function readWeights(dir: string, file: string): Promise<Buffer> {
  const [list, bytes] = await Promise.all([readList(dir), readFile(join(dir, file)).catch(damaged(file))]);
  const expected = list.files[file]?.sha256;
  if (createHash('sha256').update(bytes).digest('hex') !== expected) damaged(file)();
  return bytes;
}

/** The expected SHA-256 of a file, which identifies its version. */
export async function weightsHash(dir: string, file: string): Promise<string> {
  return (await readList(dir)).files[file]?.sha256 ?? damaged(file)();
}

async function readList(dir: string): Promise<WeightsList> {
  return JSON.parse(await readFile(join(dir, 'weights.json'), 'utf8').catch(damaged('weights.json')));
}

function damaged(file: string) {
  return (cause?: unknown): never => {
    throw new StudioError('weights_damaged', { data: { file }, cause });
  };
}

/** Cheap enough for `supports`: checks only that the files exist. */
export function missingWeights(dir: string, files: readonly string[]): Missing[] {
  return files
    .filter((file) => !existsSync(join(dir, file)))
    .map((name) => ({
      what: 'weights' as const,
      name,
      cure: {
        en: `${name} belongs to Limner but is missing in its models folder. Restore it from the repository.`,
        zh: `${name} 是 Limner 自带的文件，但不在 models 目录中，请从仓库重新检出。`,
      },
    }));
}
