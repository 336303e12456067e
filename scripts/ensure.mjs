/**
 * Makes node_modules agree with package-lock.json, and does nothing when it already does.
 *
 * `npm start` needs no development dependencies: without them the install is quicker and 130 MB smaller. A stamp in
 * node_modules says which lock and which of the two kinds is there. When it is missing (somebody ran npm themselves)
 * npm's own record of what it installed is compared with the lock instead.
 */
import './node-version.mjs';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { npm, seconds } from './command.mjs';
import { readJson, writeJson } from './fresh.mjs';
import { inRoot } from './paths.mjs';
import { say } from './say.mjs';

const LOCK = inRoot('package-lock.json');
const STAMP = inRoot('node_modules/.limner-install.json');
const INSTALLED = inRoot('node_modules/.package-lock.json');
const PLATFORM = `${process.platform}-${process.arch}`;

/** `dev`: with the development dependencies, as tests and checks need them. */
export async function ensureInstalled({ dev }) {
  const lock = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  const stamp = readJson(STAMP);
  const isCurrent = stamp?.lock === lock && stamp.platform === PLATFORM;
  if (isCurrent && (stamp.dev || !dev)) return;

  // A folder copied from another system has packages of the right versions and the wrong machine code.
  const isForeign = stamp !== null && stamp.platform !== PLATFORM;
  const found = isForeign ? null : kindInstalled(readJson(LOCK)?.packages, readJson(INSTALLED)?.packages);
  if (found && (found.dev || !dev)) return writeJson(STAMP, { lock, platform: PLATFORM, dev: found.dev });

  // A developer keeps the development packages, also after a change of the lock.
  const withDev = dev || stamp?.dev === true || hasDev(readJson(INSTALLED)?.packages);
  await install({ withDev, isMissingOnlyDev: found !== null });
  writeJson(STAMP, { lock, platform: PLATFORM, dev: withDev });
}

/** The kind of install that npm recorded; null if it does not match the lock. */
export function kindInstalled(wanted, installed) {
  if (!wanted || !installed) return null;
  let dev = true;
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') || entry.link || entry.optional || entry.devOptional || entry.peer)
      continue;
    const here = installed[path];
    if (here?.version === entry.version && here.integrity === entry.integrity) continue;
    if (here || !entry.dev) return null;
    dev = false;
  }
  return { dev };
}

/** Whether npm installed a development package. */
export const hasDev = (installed) => Object.values(installed ?? {}).some((entry) => entry.dev === true);

/**
 * Adding only missing packages keeps the rest of node_modules, from which a Limner may run. `--no-save` keeps the lock
 * unchanged.
 */
async function install({ withDev, isMissingOnlyDev }) {
  const since = performance.now();
  const what = isMissingOnlyDev
    ? say('Adding development packages', '正在补充开发用的软件包')
    : say('Installing packages (the first time takes about a minute)', '正在安装软件包（首次约需一分钟）');
  console.error(`${what} …`);
  const verb = isMissingOnlyDev ? ['install', '--no-save'] : ['ci'];
  const kind = withDev ? '--include=dev' : '--omit=dev';
  const { code, output } = await npm(
    [...verb, kind, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=warn'],
    {
      quiet: true,
    },
  );
  if (code !== 0) fail(output);
  console.error(say(`Packages installed in ${seconds(since)}.`, `软件包已安装，用时 ${seconds(since)}。`));
}

function fail(output) {
  console.error(output.trim());
  console.error(`\n${reasonOf(output)}`);
  process.exit(1);
}

function reasonOf(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(output)) {
    return say(
      'npm cannot reach its registry. Only the first start needs the network (or a filled npm cache).',
      'npm 连不上软件源。首次启动需要网络（或已有的 npm 缓存），之后不再需要。',
    );
  }
  if (/ENOSPC/.test(output))
    return say(
      'The disk is full. Limner and its packages need about 700 MB.',
      '磁盘已满。Limner 及其软件包约需 700 MB。',
    );
  if (/EACCES|EPERM/.test(output))
    return say(
      'npm may not write here. Check the owner of this folder and of node_modules.',
      'npm 无权在此写入。请检查此文件夹和 node_modules 的所有者。',
    );
  if (/EBADENGINE/.test(output))
    return say(
      `A package does not run on Node ${process.versions.node}. Install the current LTS.`,
      `有软件包不支持 Node ${process.versions.node}。请安装当前的 LTS 版本。`,
    );
  return say('npm could not install the packages. Its output is above.', 'npm 未能安装软件包，原因见上。');
}
