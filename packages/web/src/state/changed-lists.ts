/** A change counter per list; views reload their list when it grows. */
import type { ChangedList } from '@limner/contract';
import { create } from 'zustand';

export const useChangedLists = create<Record<ChangedList, number>>(() => ({
  styles: 0,
  presets: 0,
  lanes: 0,
  settings: 0,
  webhooks: 0,
  wildcards: 0,
  models: 0,
  datasets: 0,
}));

export const listChanged = (list: ChangedList): void =>
  useChangedLists.setState((counts) => ({ [list]: counts[list] + 1 }));
