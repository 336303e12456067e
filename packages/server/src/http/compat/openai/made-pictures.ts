/**
 * Follows a task to its pictures. Where alpha is asked for, an opaque picture gets a cut-out, a task of its own; a family
 * that paints with alpha needs none.
 */
import type { Caller, OutputId, Seed, Task } from '@limner/contract';
import { isOpaque } from '../../../outputs/is-opaque.ts';
import { createCutOut, madeImages } from '../../../tasks/cut-outs.ts';
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
  desk: Pick<DialectDesk, 'newTasks' | 'outputs' | 'stopping' | 'tasks'>;
  caller: Caller;
  isTransparent: boolean;
  /** Gets the tasks that are created meanwhile. */
  course: Course;
}

export async function madePictures(following: Following, id: number): Promise<Made> {
  const { isTransparent } = following;
  const ended = await whenEnded(following, id);
  const painted = picturesOf(ended);
  if (!isTransparent) return { task: id, pictures: painted };
  const pictures: MadePicture[] = [];
  for (const { task, pictures: cut } of await Promise.all(
    painted.map((picture) => withAlpha(following, ended, picture)),
  )) {
    if (cut.length === 0) return { task, pictures: [] };
    pictures.push(...cut);
  }
  return { task: id, pictures };
}

async function withAlpha(following: Following, source: Task, picture: MadePicture): Promise<Made> {
  const { desk, caller, course } = following;
  if (!(await isOpaque(caller, desk.outputs, picture.id))) return { task: source.id, pictures: [picture] };
  if (course.isCancelled) return { task: source.id, pictures: [] };
  const id = await createCutOut(caller, desk.newTasks, source, picture.id);
  await course.began(id);
  const cut = picturesOf(await whenEnded(following, id));
  return { task: id, pictures: cut.map((made) => ({ ...made, seed: picture.seed })) };
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
