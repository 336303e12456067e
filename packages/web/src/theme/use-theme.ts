import type { ThemeConfig } from 'antd';
import { useEffect, useMemo } from 'react';
import { usePreferences } from '../state/preferences.ts';
import { PHONE, useMedia } from '../ui/use-media.ts';
import { antdTheme, type ThemeName } from './theme.ts';

export function useThemeName(): ThemeName {
  const choice = usePreferences((state) => state.theme);
  const light = useMedia('(prefers-color-scheme: light)');
  return choice === 'system' ? (light ? 'light' : 'dark') : choice;
}

export function useTheme(): ThemeConfig {
  const name = useThemeName();
  const touch = useMedia(PHONE);
  const still = useMedia('(prefers-reduced-motion: reduce)');
  useEffect(() => {
    document.documentElement.dataset.theme = name;
  }, [name]);
  return useMemo(() => antdTheme(name, { touch, still }), [name, touch, still]);
}
