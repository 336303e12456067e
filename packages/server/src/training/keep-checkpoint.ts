/** Keeps the LoRA after an earlier step as an output of its run. The file is whole before its row is written. */
import { Readable } from 'node:stream';
import { MAX_LORA_BYTES, type Provenance } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Database } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import type { FileBody, OfferedLora } from '../engines/run-files.ts';
import { type CheckpointDetails, checkpointsOf } from '../outputs/checkpoints-store.ts';
import { outputKey } from '../outputs/output-name.ts';
import type { Blobs } from '../storage/blobs.ts';
import { setOlderAside } from '../storage/set-aside.ts';
import { planOf } from '../tasks/plan.ts';
import { raiseVersion, taskRow } from '../tasks/store/task-rows.ts';
import { received } from '../uploads/receive.ts';
import { isKeptStep } from './checkpoint-steps.ts';
import { insertCheckpoint } from './store/checkpoint-rows.ts';
import { accessTo } from './store/run-rows.ts';
import { type TrainedLora, trainedLora } from './trained-lora.ts';

interface Storage {
  db: Database;
  blobs: Blobs;
  /** Where files are received, on a disk of this machine. */
  incomingDir: string;
}

/** Place 0 is that of the sheet of samples. */
const FIRST_PLACE = 1;

/** False: one of a near step is kept, or the try may not write. @throws StudioError `lora_broken`, `lora_unknown`, `lora_unclear` */
export async function keepCheckpoint(
  { db, blobs, incomingDir }: Storage,
  { task: id, lease }: { task: number; lease: string },
  { step, steps, family, open }: OfferedLora,
): Promise<boolean> {
  const kept = await checkpointsOf(db.read, id);
  if (
    !isKeptStep(
      step,
      steps,
      kept.map((each) => each.step),
    )
  )
    return false;
  const task = await writableTask(db, id, lease);
  if (!task) return false;
  const place = Math.max(FIRST_PLACE, ...kept.map(({ row }) => row.place + 1));
  const file = outputKey({ task: id, frame: 0, place }, 'training', 'safetensors');
  return readAsTrained({ task, family, incomingDir, body: await open() }, async (lora) => {
    await setOlderAside(blobs, file, task.created_at);
    const { sizeBytes } = await blobs.put(file, lora.body);
    const details: CheckpointDetails = { step, model: lora.family };
    const provenance = provenanceOf(task, { steps, family, details });
    const isOurs = await db.write(async (trx) => {
      if ((await accessTo(trx, id, lease)) === 'none') return false;
      await insertCheckpoint(trx, { task_id: id, place, file, size_bytes: sizeBytes, provenance });
      await raiseVersion(trx, id);
      return true;
    });
    if (!isOurs) await blobs.delete(file);
    return isOurs;
  });
}

/** What the trainer wrote, with the names that ComfyUI knows and the facts of its run. `use` gets it while it is there. */
export function readAsTrained<T>(
  { task, family, incomingDir, body }: { task: TaskRow; family: string; incomingDir: string; body: FileBody },
  use: (lora: TrainedLora) => Promise<T>,
): Promise<T> {
  const { training, references } = planOf(task).recipe;
  if (!training) throw new Error(`task ${task.id} is no training`);
  const { id, created_at: atMs, family: trainer } = task;
  const trained = { trainer, family, task: id, atMs, training, pictures: references.length };
  const receiving = { folder: incomingDir, limitBytes: MAX_LORA_BYTES };
  const stream = Buffer.isBuffer(body) ? Readable.from([body]) : body;
  return received(stream, receiving, async (file) => use(await trainedLora(file, trained)));
}

/** null: the try may not write. */
async function writableTask(db: Database, id: number, lease: string): Promise<TaskRow | undefined> {
  const access = await db.write((trx) => accessTo(trx, id, lease), { durable: false });
  if (access === 'none') return undefined;
  return (await taskRow(SYSTEM, db.read, { id })).rows[0];
}

export function provenanceOf(
  task: TaskRow,
  { steps, family, details }: { steps: number; family: string; details: CheckpointDetails },
): Provenance {
  const name = planOf(task).recipe.training?.style_name ?? task.prompt;
  const summary = {
    en: `LoRA of the style "${name}" after step ${details.step} of ${steps}.`,
    zh: `风格「${name}」在第 ${details.step}/${steps} 步时的 LoRA。`,
  };
  return { engine: task.family, family, summary, details: { ...details } };
}
