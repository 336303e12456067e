/** What this browser prefers. `public/first-paint.js` reads the same key before the first paint. */
import type { Language } from '@limner/contract';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { speak } from '../i18n/i18n.ts';
import type { ThemeName } from '../theme/theme.ts';

export type ThemeChoice = ThemeName | 'system';

interface Preferences {
  theme: ThemeChoice;
  /** null: the browser's preference. */
  language: Language | null;
}

export const usePreferences = create<Preferences>()(
  persist((): Preferences => ({ theme: 'system', language: null }), { name: 'limner.preferences' }),
);

export function preferredLanguage(): Language {
  return usePreferences.getState().language ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
}

export async function chooseLanguage(language: Language): Promise<void> {
  await speak(language);
  usePreferences.setState({ language });
}

export function chooseTheme(theme: ThemeChoice): void {
  usePreferences.setState({ theme });
}
