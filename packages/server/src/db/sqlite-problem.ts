/** Explains why an SQLite file cannot be opened, with the path and the cure. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { StartProblem } from '../start-problem.ts';
import { DATABASE_SETTING, type Given } from './given.ts';
import { isCopyOf } from './sqlite-copies.ts';

/** Other errors are returned unchanged. */
export function sqliteProblem(error: unknown, file: string, given: Given = DATABASE_SETTING): unknown {
  const message = error instanceof Error ? error.message : '';
  if (/malformed|not a database|file is encrypted/i.test(message)) return damaged(file, error, given);
  if (/unable to open|readonly database|read-only/i.test(message)) return unwritable(file, error, given);
  return error;
}

function damaged(file: string, cause: unknown, given: Given): StartProblem {
  const copies = copiesOf(file);
  const en =
    copies.length > 0
      ? `Copies of it: ${copies.join(', ')}. Restore one with: limner db restore FILE`
      : 'There is no copy of it here.';
  const zh =
    copies.length > 0 ? `它的副本：${copies.join('、')}。恢复：limner db restore 文件` : '此处没有它的副本。';
  return new StartProblem(
    {
      en: `${file} is damaged or is not a Limner database. It was not changed. Replace it with a backup, or name another database in ${given.en}. ${en}`,
      zh: `${file} 已损坏，或不是 Limner 的数据库。没有改动该文件。请用备份替换它，或在 ${given.zh} 中改用另一个数据库。${zh}`,
    },
    { cause },
  );
}

function copiesOf(file: string): string[] {
  const { dir } = path.parse(file);
  try {
    return readdirSync(dir)
      .filter((entry) => isCopyOf(file, entry) && entry.endsWith('.db'))
      .map((entry) => path.join(dir, entry));
  } catch {
    return [];
  }
}

function unwritable(file: string, cause: unknown, given: Given): StartProblem {
  // A setting may name the file itself, or only its folder.
  const [en, zh] =
    given === DATABASE_SETTING
      ? ['LIMNER_DATA_DIR or DATABASE_URL', 'LIMNER_DATA_DIR 或 DATABASE_URL']
      : [given.en, given.zh];
  return new StartProblem(
    {
      en: `${file} cannot be opened for writing. Change the owner of the file and its folder (chown, or the user of the container), or choose another place with ${en}.`,
      zh: `无法以写入方式打开 ${file}。请更改该文件及其文件夹的所有者（chown，或容器的用户），或用 ${zh} 另选位置。`,
    },
    { cause },
  );
}
