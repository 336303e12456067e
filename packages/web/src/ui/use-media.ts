import { useSyncExternalStore } from 'react';

export const PHONE = '(max-width: 719.98px)';
export const DESKTOP = '(min-width: 1200px)';

/** For words that say how pictures come: nothing is dropped or pasted with a finger. */
export const useTouch = (): { context?: 'touch' } => (useMedia('(hover: none)') ? { context: 'touch' } : {});

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
