/** Bundles a TypeScript entry so that a process of its own can run it. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { serverDir } from './places.ts';

/** Our packages that the server imports: TypeScript, which goes into the bundle. */
const OURS = ['contract', 'mcp'];

/** Each of their entries by the file of each. */
function ourEntries(): Record<string, string> {
  return Object.fromEntries(
    OURS.flatMap((name) => {
      const folder = path.join(serverDir, '..', name);
      const { exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
        exports: Record<string, string>;
      };
      return Object.entries(exports).map(([entry, file]) => [
        `@limner/${name}${entry.slice(1)}`,
        path.join(folder, file),
      ]);
    }),
  );
}

/** Path of the bundle. Named by its content, so that test files which run beside each other share it. */
export async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Packages are found from the folder the bundle lies in.
    packages: 'external',
    alias: ourEntries(),
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const folder = path.join(serverDir, 'dist', 'test');
  const name = path.basename(entry, '.ts');
  const file = path.join(
    folder,
    `${name}.${createHash('sha256').update(code).digest('hex').slice(0, 16)}.js`,
  );
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  // One process may bundle the same entry several times at once.
  const half = `${file}.${randomUUID()}.half`;
  await writeFile(half, code);
  await rename(half, file);
  return file;
}
