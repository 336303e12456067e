import { create } from 'zustand';

export type View = 'slider' | 'side' | 'result';

/** How results are shown; kept from one picture to the next. */
export const useLook = create<{ view: View }>(() => ({ view: 'slider' }));
