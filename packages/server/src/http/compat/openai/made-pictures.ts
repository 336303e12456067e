/**
 * Follows a task to its pictures. Where alpha is asked for, an opaque picture gets a cut-out, a task of its own; a family
 * that paints with alpha needs none.
 */
import { buffer } from 'node:stream/consumers';
import { type Caller, type OutputId, RemoveBgRequest, type Seed, type Task } from '@limner/contract';
import { withinMemory } from '../../../images/pixel-gate.ts';
import { loadSharp } from '../../../images/sharp.ts';
import type { Outputs } from '../../../outputs/outputs.ts';
import { requestedCutOut } from '../../../tasks/requested-task.ts';
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
  const { priority } = source;
  const request = RemoveBgRequest.parse({ input_image: picture.id, priority, source_task_id: source.id });
  const { id } = await desk.newTasks.create(caller, requestedCutOut(request));
  course.tasks.push(id);
  const cut = picturesOf(await whenEnded(following, id));
  return { task: id, pictures: cut.map((made) => ({ ...made, seed: picture.seed })) };
}

const whenEnded = ({ desk, caller }: Following, id: number): Promise<Task> =>
  desk.tasks.whenEnded(caller, id, desk.stopping);

/** The pictures that were asked for, in the order of the frames; a workflow may also make videos and sounds. */
const picturesOf = ({ frames }: Task): MadePicture[] =>
  frames.flatMap(({ outputs, seed }) =>
    outputs
      .filter(({ role, media_type }) => role === 'main' && media_type.startsWith('image/'))
      .map(({ id, url, media_type: mediaType, width, height }) => ({
        id,
        url,
        mediaType,
        size: `${width}x${height}`,
        seed,
      })),
  );

async function isOpaque(caller: Caller, outputs: Outputs, id: OutputId): Promise<boolean> {
  const { stream, pixels } = await outputs.open(caller, id);
  return withinMemory(pixels ?? UNKNOWN_PIXELS, async () => {
    const picture = (await loadSharp())(await buffer(await stream()));
    return (await picture.stats()).isOpaque;
  });
}

/** Assumed for a picture whose row has no size: the largest that any engine makes. */
const UNKNOWN_PIXELS = 64_000_000;
