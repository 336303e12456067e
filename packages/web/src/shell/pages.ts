import type { IconName } from '../ui/icon.tsx';

/** The pages in the order of the bar; G and then the letter opens one. */
export const PAGES = [
  { path: '/', icon: 'brush', label: 'nav.studio', short: 'nav.studio', letter: 's' },
  { path: '/remove-bg', icon: 'scissors', label: 'nav.cutouts', short: 'nav.cutoutsShort', letter: 'c' },
  { path: '/training', icon: 'training', label: 'nav.training', short: 'nav.training', letter: 't' },
  { path: '/grids', icon: 'grid', label: 'nav.grids', short: 'nav.grids', letter: 'r' },
  { path: '/history', icon: 'history', label: 'nav.history', short: 'nav.history', letter: 'h' },
  { path: '/settings', icon: 'gear', label: 'nav.settings', short: 'nav.settings', letter: 'e' },
] as const satisfies readonly {
  path: string;
  icon: IconName;
  label: string;
  short: string;
  letter: string;
}[];
