/** Opens the gallery drawer and resolves with the chosen pictures. */
import { create } from 'zustand';
import type { Picture } from './draft/draft.ts';
import { loadTask, useTasks } from './tasks.ts';

export interface GalleryPicture extends Picture {
  /** The task that made it. */
  task: number;
}

interface Asked {
  most: number;
  answer: (pictures: GalleryPicture[]) => void;
}

export const useGallery = create<{ asked: Asked | null }>(() => ({ asked: null }));

/** Empty if nothing was chosen. */
export function pickFromGallery(most = 1): Promise<GalleryPicture[]> {
  useGallery.getState().asked?.answer([]);
  return new Promise((resolve) => {
    const answer = (pictures: GalleryPicture[]) => {
      useGallery.setState({ asked: null });
      resolve(pictures);
    };
    useGallery.setState({ asked: { most, answer } });
  });
}

/** The picture of an output's address; null if deleted. */
export async function pictureAt(task: number, url: string): Promise<GalleryPicture | null> {
  await loadTask(task).catch(() => undefined);
  const frames = useTasks.getState().entries[task]?.detail?.frames ?? [];
  const path = url.split('?', 1)[0];
  const output = frames.flatMap(({ outputs }) => outputs).find((each) => each.url.split('?', 1)[0] === path);
  if (!output) return null;
  return { ref: output.id, url: output.url, width: output.width, height: output.height, task };
}
