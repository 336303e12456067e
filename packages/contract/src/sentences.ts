import type { Language } from './error.ts';

/** Sentences one after another, as the language separates them; empty ones are left out. */
export const sentences = (language: Language, each: readonly (string | null | undefined)[]): string =>
  each.filter(Boolean).join(language === 'en' ? ' ' : '');
