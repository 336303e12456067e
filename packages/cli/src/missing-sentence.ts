import type { Language, Missing } from '@limner/contract';
import type { Words } from './words.ts';

/** What is missing, with its cure and the command that can be copied. */
export function missingSentence(missing: Missing, language: Language, words: Words): string {
  const command = missing.command ? ` → ${missing.command}` : '';
  return `  ${words.doctor.missing(missing.name, missing.cure[language])}${command}`;
}
