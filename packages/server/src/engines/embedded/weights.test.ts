import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MODELS_DIR } from './job-testing.ts';
import { shippedSession } from './sessions.ts';
import { missingWeights, readWeights } from './weights.ts';

async function copyOfCutoutWeights(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'limner-weights-'));
  await cp(join(MODELS_DIR, 'cutout'), dir, { recursive: true });
  return dir;
}

describe('shipped weights', () => {
  it('are what their lists say, every one', async () => {
    for (const folder of ['starter', 'cutout', 'upscale']) {
      const dir = join(MODELS_DIR, folder);
      const { files } = JSON.parse(await readFile(join(dir, 'weights.json'), 'utf8'));
      for (const file of Object.keys(files))
        expect((await readWeights(dir, file)).length).toBe(files[file].size_bytes);
    }
  });

  it('are refused when a byte changed, and loaded once they are repaired', async () => {
    const dir = await copyOfCutoutWeights();
    const whole = await readFile(join(dir, 'person.onnx'));
    const damaged = Buffer.from(whole);
    damaged[1000] = (damaged[1000] as number) ^ 1;
    await writeFile(join(dir, 'person.onnx'), damaged);
    await expect(shippedSession(dir, 'person.onnx')).rejects.toMatchObject({
      code: 'weights_damaged',
      data: { file: 'person.onnx' },
    });
    await writeFile(join(dir, 'person.onnx'), whole);
    expect((await shippedSession(dir, 'person.onnx')).inputNames).toHaveLength(1);
  });

  it('are named with their cure when they are not there', async () => {
    const dir = await copyOfCutoutWeights();
    expect(missingWeights(dir, ['person.onnx'])).toEqual([]);
    await rm(join(dir, 'person.onnx'));
    expect(missingWeights(dir, ['person.onnx'])).toMatchObject([{ what: 'weights', name: 'person.onnx' }]);
    await expect(readWeights(dir, 'person.onnx')).rejects.toMatchObject({ code: 'weights_damaged' });
  });
});
