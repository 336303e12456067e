import type { Provenance } from '@limner/contract';
import type { Writer } from '../../db/database.ts';

/** A whole file with the LoRA after an earlier step. */
export interface NewCheckpoint {
  task_id: number;
  place: number;
  /** Blob key. */
  file: string;
  size_bytes: number;
  provenance: Provenance;
}

/** As an output of the run's only frame. */
export async function insertCheckpoint(trx: Writer, { provenance, ...row }: NewCheckpoint): Promise<void> {
  await trx
    .insertInto('outputs')
    .values({
      ...{ ...row, frame_index: 0, role: 'lora', media_type: 'application/x-safetensors' },
      ...{ width: null, height: null, duration_ms: null, fps: null },
      ...{ provenance: JSON.stringify(provenance), created_at: Date.now() },
    })
    .execute();
}
