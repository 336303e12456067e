/** For tests: the child process as the build makes it, from the sources as they are now. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SERVER_DIR = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Path of a bundled child, `source` lying in this folder. Named by its content, so test files that run beside each other
 * share it.
 */
export async function bundledChild(source = 'child.ts'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // sharp and onnxruntime-node are native; they are found from the folder the bundle lies in.
    external: ['sharp', 'onnxruntime-node'],
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  // Git ignores this folder, and a build does not sweep it away.
  const dir = join(SERVER_DIR, 'node_modules', '.limner-test');
  const file = join(dir, `embedded-child.${createHash('sha256').update(code).digest('hex').slice(0, 16)}.js`);
  if (existsSync(file)) return file;
  await mkdir(dir, { recursive: true });
  const half = `${file}.${process.pid}.half`;
  await writeFile(half, code);
  await rename(half, file);
  return file;
}
