/**
 * Checks whether a build product is up to date with its sources.
 *
 * A stamp beside the product keeps two signatures of its sources: names, sizes and times, which cost a few milliseconds
 * to compare, and contents, which are only read when the first differ (a checkout touches files without changing them).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './paths.mjs';

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage']);
const isSource = (name) => !/\.(test|bench|contract)\.[cm]?tsx?$/.test(name) && !name.startsWith('.');

/** Every source below these files and folders, sorted; what is not there is left out. */
export function sources(paths) {
  return paths.flatMap(walk).sort();
}

function walk(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() ? !SKIPPED_FOLDERS.has(entry.name) : isSource(entry.name)))
    .flatMap((entry) => walk(join(path, entry.name)));
}

function statSignature(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function contentSignature(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(ROOT, file)}\0${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Taken before a build, so that a source changed during the build makes the product stale. */
export function signatures(paths) {
  const files = sources(paths);
  return { stat: statSignature(files), content: contentSignature(files) };
}

export function isFresh(stampFile, paths) {
  const stamp = readJson(stampFile);
  if (!stamp) return false;
  const files = sources(paths);
  const stat = statSignature(files);
  if (stamp.stat === stat) return true;
  if (stamp.content !== contentSignature(files)) return false;
  writeJson(stampFile, { ...stamp, stat });
  return true;
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Atomic: written to a temporary file, then renamed. */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`);
  renameSync(temporary, file);
}
