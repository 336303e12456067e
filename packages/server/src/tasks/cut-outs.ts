/** Cut-outs of the pictures that a task has made: tasks of their own, which name it as their source. */
import {
  type Caller,
  type CutOut,
  isPictureType,
  type OutputId,
  RemoveBgRequest,
  type Task,
} from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { isOpaque } from '../outputs/is-opaque.ts';
import type { Outputs } from '../outputs/outputs.ts';
import type { NewTasks } from './new-tasks.ts';
import { requestedCutOut } from './requested-task.ts';
import { cutOutsAmong, holdCutOut } from './store/cut-outs.ts';
import type { TaskWithFrames } from './store/task-rows.ts';

/** The pictures that were asked for, in the order of the frames; a workflow may also make videos and sounds. */
export const madeImages = ({ frames }: Task) =>
  frames.flatMap(({ outputs, seed }) =>
    outputs
      .filter(({ role, media_type }) => role === 'main' && isPictureType(media_type))
      .map((output) => ({ ...output, seed })),
  );

const cutOutOf = ({ id: source_task_id, priority }: Pick<Task, 'id' | 'priority'>, input_image: OutputId) =>
  requestedCutOut(RemoveBgRequest.parse({ input_image, priority, source_task_id }));

export interface CutOutDesk {
  db: { read: Reader };
  newTasks: Pick<NewTasks, 'createAll'>;
  outputs: Pick<Outputs, 'open'>;
}

/** For whom pictures are cut out. */
export interface Cutting {
  /** Then the pictures that remain are left out. */
  readonly isCancelled: boolean;
  /** Gets each task that is created. */
  began(task: number): Promise<void>;
}

/** The cut-out of each opaque picture that is finished, created where there is none. */
export async function cutOutsOf(
  caller: Caller,
  desk: CutOutDesk,
  source: Task,
  cutting?: Cutting,
): Promise<CutOut[]> {
  const known = await cutOutsAmong(caller, desk.db.read, source.id);
  const cutOuts: CutOut[] = [];
  for (const { id: picture } of madeImages(source)) {
    const task = known.get(picture);
    if (task !== undefined) cutOuts.push({ picture, task, is_new: false });
    else if (await isOpaque(caller, desk.outputs, picture)) {
      if (cutting?.isCancelled) break;
      const cut = await cutOnce(caller, desk, source, picture);
      if (cut.is_new) await cutting?.began(cut.task);
      cutOuts.push({ picture, ...cut });
    } else cutOuts.push({ picture, task: null });
  }
  return cutOuts;
}

class CutAlready extends Error {
  readonly task: number;

  constructor(task: number) {
    super(`task ${task} cuts this picture out`);
    this.task = task;
  }
}

/** Of several at the same moment, whichever processes they are in, one creates the task, and the others get that one. */
async function cutOnce(
  caller: Caller,
  { newTasks }: Pick<CutOutDesk, 'newTasks'>,
  source: Task,
  picture: OutputId,
): Promise<{ task: number; is_new: boolean }> {
  try {
    return await newTasks.createAll(caller, [cutOutOf(source, picture)], async (trx, [made]) => {
      const task = (made as TaskWithFrames).task.id;
      const other = await holdCutOut(caller, trx, picture, task);
      if (other !== null) throw new CutAlready(other);
      return { task, is_new: true };
    });
  } catch (error) {
    if (error instanceof CutAlready) return { task: error.task, is_new: false };
    throw error;
  }
}
