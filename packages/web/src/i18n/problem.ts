import { type Bilingual, type ErrorBody, errorSentence, StudioError } from '@limner/contract';
import i18next from 'i18next';
import { spokenLanguage } from './i18n.ts';

/** The sentence for a thrown error in the current language. */
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

/** The same, shown at the field, without the field's name. */
export function reasonOf(problem: unknown): string {
  if (!(problem instanceof StudioError) || problem.code !== 'invalid_request') return sentenceOf(problem);
  const said = (problem.data.reason as Partial<Bilingual> | undefined)?.[spokenLanguage()];
  return said ? said.charAt(0).toUpperCase() + said.slice(1) : sentenceOf(problem);
}
