/**
 * Part of `npm run check`: statements are built in stores, a store's reads are scoped, and no route acts as Limner itself.
 * Import rules cannot see these: a statement begins at an object that is passed around, and `access.ts` also exports what
 * routes may use.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';

const TEST = /\.(test|contract)\.ts$|\/testing[^/]*\.ts$/;
const STORE = /^(db|search)\/|\/store\/|-store\.ts$/;
const BUILDS = /\.(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\(/;
const EXPORTED =
  /export (?:async )?(?:function\*? ?|const )(\w+)(?:<[^(]*>)?(?: = (?:async )?)?\(([^)]*(?:\([^)]*\)[^)]*)*)\)/g;

/** Reads without a caller, and why. */
const WITHOUT_CALLER = new Map([
  ...[
    'framesOf',
    'framesOfAll',
    'lossOf',
    'newestLosses',
    'progressOf',
    'curveOf',
    'leftRunning',
    'checkpointsOf',
    'checkpointsOfStyle',
  ].map((name) => [name, 'of tasks that were read under a scope']),
  ...[
    'pictureWithContent',
    'pictureNamed',
    'captionOfPicture',
    'countPictures',
    'newestVersion',
    'unfinishedRuns',
    'versionsOf',
  ].map((name) => [name, 'of data sets that were read under a scope']),
  ...['readerOf', 'readersOf', 'readOf', 'uploadsOfPresets'].map((name) => [
    name,
    'pictures stay for whoever reads them',
  ]),
  ...['runRow', 'isThere', 'madeAt', 'isDoneWithFiles', 'isUnwanted'].map((name) => [name, 'of the worker']),
  ...['isKnownLora', 'isFreeUploadId'].map((name) => [name, 'names that are taken, whoever took them']),
  ...[
    'countTasks',
    'pagesOfTasks',
    'checkedTask',
    'tasksWithoutInput',
    'isInBinNamed',
    'pagesOfUploads',
    'trainedStyles',
    'tasksThatAreMissing',
    'storedPlans',
    'rowsOfTask',
    'frameWithoutOutput',
    'openJournal',
    'readState',
  ].map((name) => [name, 'of a repair, which covers all callers and which only an administrator starts']),
  ...[
    'pausedLanes',
    'laneDepths',
    'processSigns',
    'failuresSince',
    'serverRows',
    'listDownloads',
    'unfinishedDownloads',
    'runningDownload',
    'findDownload',
    'hasTasks',
    'hasOutputs',
    'newestOutputFile',
    'emptyTrash',
    'openSearch',
  ].map((name) => [name, 'of the installation']),
]);

/** @returns {string[]} what is wrong with a file, one sentence each */
export function faultsOf(file, text) {
  if (TEST.test(file)) return [];
  if (file.startsWith('http/') && /\bSYSTEM\b/.test(text)) {
    return [`${file} names SYSTEM; a route acts for its caller`];
  }
  if (!STORE.test(file)) return BUILDS.test(text) ? [`${file} builds a statement; move it to a store`] : [];
  if (file.startsWith('db/')) return [];
  return [...text.matchAll(EXPORTED)]
    .filter(([, name, parameters]) => isUnscoped(name, parameters))
    .map(([, name]) => `${file}: ${name} reads rows and does not take a caller first`);
}

const isUnscoped = (name, parameters) =>
  /\bdb: (Reader|Database)\b/.test(parameters) &&
  !/^\s*_?caller: Caller\b/.test(parameters) &&
  !WITHOUT_CALLER.has(name);

function check() {
  const root = inRoot('packages/server/src');
  const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.ts'));
  const faults = files.flatMap((name) => {
    const file = name.split(path.sep).join('/');
    return faultsOf(file, readFileSync(path.join(root, name), 'utf8'));
  });
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) check();
