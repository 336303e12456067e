import { type Bilingual, type ErrorBody, errorSentence, StudioError } from '@limner/contract';
import i18next from 'i18next';
import { spokenLanguage } from './i18n.ts';

/** What to tell a person about something that was thrown, in the language they read. */
export function sentenceOf(problem: unknown): string {
  if (problem instanceof StudioError) {
    return errorSentence(problem.code, spokenLanguage(), { field: problem.field, ...problem.data });
  }
  return i18next.t('problem.network');
}

/** The same for an error that came as data, in a task or a frame. */
export function sentenceOfBody(error: ErrorBody): string {
  return errorSentence(error.code, spokenLanguage(), { field: error.field, ...error.data });
}

/** The same at the field itself, where its name need not be said again. */
export function reasonOf(problem: unknown): string {
  if (!(problem instanceof StudioError) || problem.code !== 'invalid_request') return sentenceOf(problem);
  const said = (problem.data.reason as Partial<Bilingual> | undefined)?.[spokenLanguage()];
  return said ? said.charAt(0).toUpperCase() + said.slice(1) : sentenceOf(problem);
}
