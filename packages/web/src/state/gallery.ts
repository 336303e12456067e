/** Opens the gallery drawer and resolves with the chosen pictures. */
import { create } from 'zustand';
import type { Picture } from './draft/draft.ts';
import { loadTask, useTasks } from './tasks.ts';

export interface GalleryPicture extends Picture {
  /** The task that made it. */
  task: number;
}

interface OpenChoice {
  most: number;
  answer: (pictures: GalleryPicture[]) => void;
}

export const useGallery = create<{ choice: OpenChoice | null }>(() => ({ choice: null }));

/** Empty if nothing was chosen. */
export function pickFromGallery(most = 1): Promise<GalleryPicture[]> {
  useGallery.getState().choice?.answer([]);
  return new Promise((resolve) => {
    const answer = (pictures: GalleryPicture[]) => {
      useGallery.setState({ choice: null });
      resolve(pictures);
    };
    useGallery.setState({ choice: { most, answer } });
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
