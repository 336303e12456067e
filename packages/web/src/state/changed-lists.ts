/** How often each list was changed, here or elsewhere: who shows one asks for it anew when its number grows. */
import type { ChangedList } from '@limner/contract';
import { create } from 'zustand';

export const useChangedLists = create<Record<ChangedList, number>>(() => ({
  styles: 0,
  presets: 0,
  lanes: 0,
}));

export const listChanged = (list: ChangedList): void =>
  useChangedLists.setState((counts) => ({ [list]: counts[list] + 1 }));
