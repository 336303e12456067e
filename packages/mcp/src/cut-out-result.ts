/** The result of a task whose pictures were cut out. */
import { isFinal, type Task } from '@limner/contract';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { pictureContent, type Shown } from './preview.ts';
import { answer, type Facts } from './result.ts';
import { failuresOf, pictureFacts, picturesOf, type TaskPicture, taskFacts } from './task-facts.ts';
import { sentenceOf } from './task-result.ts';
import type { ToolCall } from './tool.ts';

/** By the picture's id. null: it has transparent parts already. */
export type CutOuts = Map<string, Task | null>;

interface CutPicture extends TaskPicture {
  cut_from?: string;
}

interface Cut {
  pictures: CutPicture[];
  failures: Facts[];
  isUnfinished: boolean;
  /** Whether each picture is there. */
  isWhole: boolean;
}

/** @param note said of the source */
export async function cutOutResult(
  source: Task,
  cutOuts: CutOuts,
  shown: Shown,
  call: ToolCall,
  note: string | null,
): Promise<CallToolResult> {
  const cut = cutOf(source, cutOuts);
  const facts = await cutFacts(source, cutOuts, cut, call, note);
  const outputs = cut.pictures.map(({ output }) => output);
  const result = answer(
    cut.isUnfinished ? call.words.cutting(source.id) : sentenceOf({ ...source, ...outcome(cut) }, true, call),
    facts,
    await pictureContent(outputs, shown, call),
  );
  return facts.status === 'failed' ? { ...result, isError: true } : result;
}

function cutOf(source: Task, cutOuts: CutOuts): Cut {
  const cut: Cut = { pictures: [], failures: [], isUnfinished: false, isWhole: true };
  for (const picture of picturesOf(source)) {
    const task = cutOuts.get(picture.output.id);
    if (!task) {
      cut.pictures.push(picture);
      continue;
    }
    const cut_from = picture.output.id;
    const made = picturesOf(task);
    cut.isWhole &&= made.length > 0;
    cut.pictures.push(...made.map((each) => ({ ...each, seed: picture.seed, cut_from })));
    cut.failures.push(...failuresOf(task).map(({ reason }) => ({ reason, pictures: [cut_from] })));
    cut.isUnfinished ||= !isFinal(task.status);
  }
  return cut;
}

async function cutFacts(
  source: Task,
  cutOuts: CutOuts,
  cut: Cut,
  call: ToolCall,
  note: string | null,
): Promise<Facts> {
  const facts = await taskFacts(source, call, note);
  const failures = [...((facts.failures as Facts[] | undefined) ?? []), ...cut.failures];
  return {
    ...facts,
    status: cut.isUnfinished ? 'running' : (outcome(cut).status ?? source.status),
    pictures: cut.pictures.map(({ cut_from, ...picture }) => ({
      ...pictureFacts(picture, call),
      ...(cut_from === undefined ? {} : { cut_from }),
    })),
    cut_out_tasks: [...cutOuts.values()].flatMap((task) => task?.id ?? []),
    ...(failures.length > 0 ? { failures } : {}),
  };
}

/** Of the source, where a cut-out has failed or was cancelled. */
const outcome = ({ pictures, isWhole }: Cut): Partial<Task> => {
  if (isWhole) return {};
  return { finished_frames: pictures.length, status: pictures.length > 0 ? 'partial' : 'failed' };
};
