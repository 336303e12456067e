/** Cut-outs of the pictures that a task has made: tasks of their own, which name it as their source. */
import { type Caller, type CutOut, type OutputId, RemoveBgRequest, type Task } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { isOpaque } from '../outputs/is-opaque.ts';
import type { Outputs } from '../outputs/outputs.ts';
import type { NewTasks } from './new-tasks.ts';
import { requestedCutOut } from './requested-task.ts';
import { cutOutsAmong } from './store/cut-outs.ts';
import type { Tasks } from './tasks.ts';

/** The pictures that were asked for, in the order of the frames; a workflow may also make videos and sounds. */
export const madeImages = ({ frames }: Task) =>
  frames.flatMap(({ outputs, seed }) =>
    outputs
      .filter(({ role, media_type }) => role === 'main' && media_type.startsWith('image/'))
      .map((output) => ({ ...output, seed })),
  );

/** The new task's id. */
export async function createCutOut(
  caller: Caller,
  newTasks: Pick<NewTasks, 'create'>,
  { id: source_task_id, priority }: Pick<Task, 'id' | 'priority'>,
  input_image: OutputId,
): Promise<number> {
  const request = RemoveBgRequest.parse({ input_image, priority, source_task_id });
  return (await newTasks.create(caller, requestedCutOut(request))).id;
}

export interface CutOutDesk {
  db: { read: Reader };
  tasks: Pick<Tasks, 'get'>;
  newTasks: Pick<NewTasks, 'create'>;
  outputs: Pick<Outputs, 'open'>;
}

/**
 * The cut-out of each opaque picture, created where there is none. Two calls at the same time may both create one.
 * @throws StudioError `task_not_found`
 */
export async function cutOutsOf(caller: Caller, desk: CutOutDesk, id: number): Promise<CutOut[]> {
  const source = await desk.tasks.get(caller, id);
  const known = await cutOutsAmong(caller, desk.db.read, id);
  const cutOuts: CutOut[] = [];
  for (const { id: picture } of madeImages(source)) {
    const isCut = known.get(picture);
    const task =
      isCut ??
      ((await isOpaque(caller, desk.outputs, picture))
        ? await createCutOut(caller, desk.newTasks, source, picture)
        : null);
    cutOuts.push({ picture, task });
  }
  return cutOuts;
}
