/** Text files that become wildcards, each under its name without the ending. */
import { decodedText, MAX_WILDCARD_BYTES } from '@limner/contract';
import i18next from 'i18next';
import { bytes } from '../../../i18n/format.ts';
import { reasonOf } from '../../../i18n/problem.ts';
import { ask } from '../../../state/ask.ts';
import { isRefusal, presentText, saveWildcard } from '../../../state/wildcards.ts';

const ENDING = /\.txt$/i;

export interface AddedFiles {
  saved: number;
  /** A sentence for each file that was refused. */
  problems: string[];
}

/** One after another; an existing wildcard with another text is replaced only after a question. */
export async function addFiles(files: readonly File[]): Promise<AddedFiles> {
  const added: AddedFiles = { saved: 0, problems: [] };
  for (const file of files) {
    try {
      const text = await textIn(file);
      if (await save(file.name.replace(ENDING, ''), text)) added.saved += 1;
    } catch (problem) {
      const reason = problem instanceof UnusableFile ? problem.message : reasonOf(problem);
      added.problems.push(i18next.t('wildcards.fileRefused', { name: file.name, reason }));
    }
  }
  return added;
}

class UnusableFile extends Error {}

async function textIn(file: File): Promise<string> {
  if (!ENDING.test(file.name)) throw new UnusableFile(i18next.t('wildcards.notText'));
  const limit = bytes(MAX_WILDCARD_BYTES);
  if (file.size > MAX_WILDCARD_BYTES) throw new UnusableFile(i18next.t('wildcards.tooLarge', { limit }));
  const text = decodedText(new Uint8Array(await file.arrayBuffer()));
  if (text === null) throw new UnusableFile(i18next.t('wildcards.unreadable'));
  return text;
}

/** False: the existing one stays. */
async function save(name: string, text: string): Promise<boolean> {
  try {
    await saveWildcard(name, text, null);
    return true;
  } catch (problem) {
    if (!isRefusal(problem, 'wildcard_changed')) throw problem;
  }
  const present = await presentText(name);
  if (present.text === text) return true;
  const question = {
    title: i18next.t('wildcards.replaceTitle', { name }),
    lines: [i18next.t('wildcards.replaceLine')],
    confirm: i18next.t('wildcards.replace'),
    keep: i18next.t('wildcards.keep'),
  };
  if (!(await ask(question))) return false;
  await saveWildcard(name, text, present.version);
  return true;
}
