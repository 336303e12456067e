import type { CSSProperties } from 'react';

export type Ground = 'checkerboard' | 'white' | 'black' | 'grey' | 'green' | `#${string}`;

const COLOURS: Record<string, string> = {
  white: '#ffffff',
  black: '#111111',
  grey: '#7a7a78',
  green: '#3f7d54',
};

export const GROUNDS = ['checkerboard', 'white', 'black', 'grey', 'green'] as const;

export function groundStyle(ground: Ground, squarePx = 20): CSSProperties {
  if (ground !== 'checkerboard') return { background: COLOURS[ground] ?? ground };
  const squares =
    'conic-gradient(var(--check-1) 25%, var(--check-2) 0 50%, var(--check-1) 0 75%, var(--check-2) 0)';
  return { background: `${squares} 0 0 / ${squarePx}px ${squarePx}px` };
}
