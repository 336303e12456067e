/** The pictures of trainings by id, without those that were deleted. */
import { type Caller, outputId, parseOutputId, type TrainingPicture } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { outputUrl } from '../outputs/output-name.ts';
import { outputsOfTasks } from '../outputs/outputs-store.ts';
import { findUploads } from '../uploads/uploads-store.ts';

export interface KnownPicture extends Omit<TrainingPicture, 'name'> {
  url: string;
}

export async function picturesOf(
  caller: Caller,
  db: Reader,
  ids: string[],
): Promise<Map<string, KnownPicture>> {
  const tasks = new Set(ids.flatMap((id) => parseOutputId(id)?.task ?? []));
  const uploaded = new Set(ids.filter((id) => parseOutputId(id) === null));
  return new Map([...(await uploads(caller, db, [...uploaded])), ...(await painted(caller, db, [...tasks]))]);
}

async function uploads(caller: Caller, db: Reader, ids: string[]): Promise<[string, KnownPicture][]> {
  const rows = await findUploads(caller, db, ids);
  return rows.map(({ id, file, width, height, sha256 }) => [
    id,
    { url: `/${file}`, width, height, content: sha256 },
  ]);
}

/** Outputs have no hash of their content, so equal outputs are found by id only. */
async function painted(caller: Caller, db: Reader, tasks: number[]): Promise<[string, KnownPicture][]> {
  const rows = await outputsOfTasks(caller, db, tasks);
  return rows.map(({ task_id: task, frame_index: frame, place, file, width, height }) => {
    const id = outputId({ task, frame, place });
    return [id, { url: outputUrl(file), width: width ?? 0, height: height ?? 0, content: id }];
  });
}
