import { create } from 'zustand';

export type ViewMode = 'slider' | 'side' | 'result';

/** How results are shown; kept from one picture to the next. */
export const useViewMode = create<{ mode: ViewMode }>(() => ({ mode: 'slider' }));
