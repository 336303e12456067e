import { type Language, type Missing, missingSentence } from '@limner/contract';

/** What is missing, with its cure and the command that can be copied. */
export function missingLine(missing: Missing, language: Language): string {
  const command = missing.command ? ` → ${missing.command}` : '';
  return `  ${missingSentence(missing, language)}${command}`;
}
