import { create } from 'zustand';

export type View = 'slider' | 'side' | 'result';

/** How results are looked at; it stays from one picture to the next. */
export const useLook = create<{ view: View }>(() => ({ view: 'slider' }));
