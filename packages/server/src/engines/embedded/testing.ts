/** For tests: the child process as the build makes it, from the sources as they are now. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SERVER_DIR = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Path of a bundled child, `source` lying in `embedded-child/`, with the thread that it begins beside it. The folder is named by
 * their content, so test files that run beside each other share it.
 */
export async function bundledChild(source = 'child.ts'): Promise<string> {
  const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: {
      'embedded-child': here(`../../embedded-child/${source}`),
      'detail-thread': here('../starter/paint/detail-thread.ts'),
    },
    outdir: SERVER_DIR,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // These are native; they are found from the folder the bundle lies in.
    external: ['sharp', '@resvg/resvg-js', 'onnxruntime-node'],
    write: false,
  });
  const hash = createHash('sha256');
  for (const { contents } of outputFiles) hash.update(contents);
  // Git ignores this folder, and a build does not sweep it away.
  const folder = join(SERVER_DIR, 'node_modules', '.limner-test', hash.digest('hex').slice(0, 16));
  await mkdir(folder, { recursive: true });
  for (const { path, contents } of outputFiles) await writeOnce(join(folder, basename(path)), contents);
  return join(folder, 'embedded-child.js');
}

async function writeOnce(file: string, contents: Uint8Array): Promise<void> {
  if (existsSync(file)) return;
  const half = `${file}.${process.pid}.half`;
  await writeFile(half, contents);
  await rename(half, file);
}
