/**
 * Follows a task to its pictures. Where alpha is asked for, an opaque picture gets a cut-out, a task of its own; a family
 * that paints with alpha needs none. Others that follow the same task get the same cut-outs.
 */
import type { Caller, OutputId, Seed, Task } from '@limner/contract';
import { cutOutsOf, madeImages } from '../../../tasks/cut-outs.ts';
import type { DialectDesk } from '../dialect.ts';
import type { Course } from './awaited-work.ts';

export interface MadePicture {
  id: OutputId;
  url: string;
  mediaType: string;
  /** `1024x768` */
  size: string;
  seed: Seed;
}

/** Without pictures: the task that says why. */
export interface Made {
  task: number;
  pictures: MadePicture[];
}

export interface Following {
  desk: Pick<DialectDesk, 'db' | 'newTasks' | 'outputs' | 'stopping' | 'tasks'>;
  caller: Caller;
  isTransparent: boolean;
  /** Gets the tasks that are created meanwhile. */
  course: Course;
}

export async function madePictures(following: Following, id: number): Promise<Made> {
  const { desk, caller, isTransparent, course } = following;
  const ended = await whenEnded(following, id);
  const painted = picturesOf(ended);
  if (!isTransparent) return { task: id, pictures: painted };
  const pictures: MadePicture[] = [];
  const cutOuts = await cutOutsOf(caller, desk, ended, course);
  for (const picture of painted) {
    const cutOut = cutOuts.find((each) => each.picture === picture.id);
    if (!cutOut) return { task: id, pictures: [] };
    if (cutOut.task === null) pictures.push(picture);
    else {
      const cut = picturesOf(await whenEnded(following, cutOut.task));
      if (cut.length === 0) return { task: cutOut.task, pictures: [] };
      pictures.push(...cut.map((made) => ({ ...made, seed: picture.seed })));
    }
  }
  return { task: id, pictures };
}

const whenEnded = ({ desk, caller }: Following, id: number): Promise<Task> =>
  desk.tasks.whenEnded(caller, id, desk.stopping);

const picturesOf = (task: Task): MadePicture[] =>
  madeImages(task).map(({ id, url, media_type: mediaType, width, height, seed }) => ({
    id,
    url,
    mediaType,
    size: `${width}x${height}`,
    seed,
  }));
