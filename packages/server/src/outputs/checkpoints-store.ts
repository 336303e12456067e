/** LoRAs after earlier steps of a training. They are outputs of its frame, and say their step in their details. */
import type { Provenance } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { OutputRow } from '../db/schema.ts';

export interface Checkpoint {
  step: number;
  /** The model that it fits, see `loras/lora-models.ts`, or the family of a built-in one. */
  model: string;
  row: OutputRow;
}

/** What the details of its provenance say. */
export interface CheckpointDetails {
  step: number;
  model: string;
}

/** Of the outputs of a training. By step. */
export function checkpointsIn(outputs: readonly OutputRow[]): Checkpoint[] {
  return outputs
    .flatMap((row) => {
      if (row.role !== 'lora') return [];
      const { step, model } = parsed<Provenance>(row.provenance)?.details ?? {};
      return typeof step === 'number' && typeof model === 'string' ? [{ step, model, row }] : [];
    })
    .sort((a, b) => a.step - b.step);
}

export const checkpointsOf = async (db: Reader, task: number): Promise<Checkpoint[]> =>
  checkpointsIn(
    await db
      .selectFrom('outputs')
      .selectAll()
      .where('task_id', '=', task)
      .where('role', '=', 'lora')
      .execute(),
  );

/** Those of the run that made the style. */
export const checkpointsOfStyle = async (db: Reader, style: number): Promise<Checkpoint[]> =>
  checkpointsIn(
    await db
      .selectFrom('outputs')
      .innerJoin('training_runs', 'training_runs.task_id', 'outputs.task_id')
      .selectAll('outputs')
      .where('training_runs.style_id', '=', style)
      .where('outputs.role', '=', 'lora')
      .execute(),
  );
