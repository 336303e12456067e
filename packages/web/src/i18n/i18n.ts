import type { Language } from '@limner/contract';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { closedUp } from './closed-up.ts';

const loaders = {
  en: async () => (await import('./en.ts')).en,
  zh: async () => (await import('./zh.ts')).zh,
} as const;

/** Only the sentences of the current language are loaded. */
async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  i18next.addResourceBundle(language, 'translation', await loaders[language]());
}

export async function startI18n(language: Language): Promise<void> {
  await i18next
    .use(initReactI18next)
    .use(closedUp)
    .init({
      lng: language,
      resources: { [language]: { translation: await loaders[language]() } },
      interpolation: { escapeValue: false },
      returnNull: false,
      postProcess: [closedUp.name],
    });
  mark(language);
}

export async function speak(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  mark(language);
}

export const spokenLanguage = (): Language => (i18next.language?.startsWith('zh') ? 'zh' : 'en');

/** Fonts, hyphenation and screen readers use `lang`. */
function mark(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
