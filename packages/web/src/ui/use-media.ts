import { useSyncExternalStore } from 'react';

export const PHONE = '(max-width: 719.98px)';
export const DESKTOP = '(min-width: 1200px)';

/** For hints: touch devices have no drag and drop or paste. */
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
