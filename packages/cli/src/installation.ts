/** The folder of this checkout. The same from `src/` and from the bundle in `dist/`. */
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const SERVER_FOLDER = join(ROOT, 'packages/server');
export const SERVER_MAIN = join(SERVER_FOLDER, 'dist/main.js');

/** A relative LIMNER_DATA_DIR is relative to the working directory; the default is in the checkout, as with `npm start`. */
export const dataDirOf = (env: Record<string, string | undefined>): string =>
  env.LIMNER_DATA_DIR ? resolve(env.LIMNER_DATA_DIR) : join(ROOT, 'data');

export const installedVersion = (): string =>
  (createRequire(import.meta.url)(join(ROOT, 'packages/cli/package.json')) as { version: string }).version;
