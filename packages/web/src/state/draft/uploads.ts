/** Pictures on their way into the draft. A recipe sent before they are in it would be painted without them. */
import { create } from 'zustand';

/** How many are on their way. */
export const useUploads = create<{ count: number }>(() => ({ count: 0 }));

/** Of the draft that they are for. */
let turn = 0;

const add = (change: 1 | -1) => useUploads.setState(({ count }) => ({ count: count + change }));

/** null: the draft was replaced meanwhile, and the picture does not belong to it. */
export async function whileUploading<T>(upload: () => Promise<T>): Promise<T | null> {
  const own = turn;
  add(1);
  try {
    const picture = await upload();
    return own === turn ? picture : null;
  } finally {
    if (own === turn) add(-1);
  }
}

/** The draft is replaced as a whole. */
export function forgetUploads(): void {
  turn += 1;
  useUploads.setState({ count: 0 });
}
