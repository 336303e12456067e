/** Number of pictures on their way into the draft. A recipe sent before they are in it would be painted without them. */
import { create } from 'zustand';

export const useUploads = create<{ count: number }>(() => ({ count: 0 }));

const add = (change: 1 | -1) => useUploads.setState(({ count }) => ({ count: count + change }));

export async function whileUploading<T>(upload: () => Promise<T>): Promise<T> {
  add(1);
  try {
    return await upload();
  } finally {
    add(-1);
  }
}
