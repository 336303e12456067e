/** Imported before everything else, so that an old Node gets a sentence instead of a syntax error. */
import { say } from './say.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (!isSupported) {
  const { node } = process.versions;
  console.error(
    say(
      `Limner needs Node 20.19 or newer, or 22.12 or newer. This is Node ${node}.\n` +
        'Install the current LTS from https://nodejs.org and run the command again.',
      `Limner 需要 Node 20.19 或更新版本，或 22.12 或更新版本。当前是 Node ${node}。\n` +
        '请从 https://nodejs.org 安装当前的 LTS 版本，然后重新运行此命令。',
    ),
  );
  process.exit(1);
}
