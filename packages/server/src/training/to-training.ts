/** Converts rows to trainings of the contract; what a plan that cannot be read would say is left empty. Pure. */
import { isFinal, outputId, safeFileName, type Training, trainingNotices } from '@limner/contract';
import type { TaskRow } from '../db/schema.ts';
import { SHARE_OF_STEPS } from '../engines/training/trainer.ts';
import { checkpointsIn } from '../outputs/checkpoints-store.ts';
import { outputUrl } from '../outputs/output-name.ts';
import { readPlan } from '../tasks/plan.ts';
import type { StoredFrame } from '../tasks/store/task-rows.ts';
import { previewUrl, toListItem } from '../tasks/to-task.ts';
import { readLoraKey } from './lora-keys.ts';
import { loraNotice } from './lora-notice.ts';
import type { KnownPicture } from './pictures.ts';
import type { RunProgress } from './store/run-rows.ts';

export interface TrainingRows {
  task: TaskRow;
  frames: StoredFrame[];
  run: RunProgress | undefined;
  /** By id. */
  pictures: Map<string, KnownPicture>;
  /** The family its style works with. */
  family: string;
  /** In all. */
  steps: number;
  /** Whether its trainer paints samples with its parameters. */
  has_samples: boolean;
  /** Whether a program of it has written a log that is still there. */
  hasLog: boolean;
  /** The training that computes on its device. */
  waitsFor: number | null;
  /** Whether its lane starts no task. */
  isLanePaused: boolean;
}

const checkpointFileName = (style: string, step: number): string =>
  safeFileName(`${style} ${step}.safetensors`);

const stepInUse = (key: string, steps: number): number => readLoraKey(key)?.step ?? steps;

/** The progress of a run leaves a share for what follows its steps. */
const stepOf = (progress: number, steps: number): number =>
  Math.min(steps, Math.round((progress / SHARE_OF_STEPS) * steps));

export function toTraining({
  task,
  frames,
  run,
  pictures,
  family,
  steps,
  has_samples,
  hasLog,
  waitsFor,
  isLanePaused,
}: TrainingRows): Training {
  const { training, references } = readPlan(task)?.recipe ?? { training: null, references: [] };
  const item = toListItem({ task, frames }, 0);
  const { id, status, progress, created_at, started_at, completed_at, error, version } = item;
  const [frame] = frames;
  const sheet = frame?.outputs.find(({ role }) => role !== 'lora');
  const kept = checkpointsIn(frame?.outputs ?? []);
  const live = status === 'running';
  const waits = live && item.waits_behind != null;
  // What the row says of an earlier try is no news of this one.
  const isHeard = live && !waits && (run?.heardMs ?? 0) >= (frame?.started_at ?? 0);
  // A run without losses and checkpoints has written no step yet.
  const step = Math.max(
    (live && !isHeard ? run?.resumeStep : run?.step) ?? 0,
    // The row of a run that is stopping is older than its frame.
    status === 'completed' ? 0 : stepOf(frame?.progress ?? 0, steps),
  );
  return {
    id,
    style_name: training?.style_name ?? task.prompt,
    style_type: training?.style_type ?? 'ui',
    trigger_words: training?.trigger_words ?? '',
    style_id: run?.styleId ?? null,
    dataset_path: `/api/training/${id}#images`,
    images: references.map((image, index) => ({
      id: image,
      url: pictures.get(image)?.url ?? null,
      caption: training?.captions[index] ?? '',
    })),
    dataset: training?.dataset ?? null,
    captioned: training?.captions.filter(Boolean).length ?? 0,
    notices: trainingNotices(
      references.flatMap((image, index) => {
        const picture = pictures.get(image);
        return picture ? [{ ...picture, name: `#${index + 1}` }] : [];
      }),
    ),
    status,
    params: training?.params ?? {},
    trainer: task.family,
    family,
    progress: isFinal(status) && status !== 'completed' ? Math.min(1, step / Math.max(1, steps)) : progress,
    steps,
    step,
    resume_step: run?.resumeStep ?? 0,
    phase: waits ? 'waiting' : isHeard ? (run?.phase ?? null) : null,
    heard_at: isHeard && run?.heardMs ? new Date(run.heardMs).toISOString() : null,
    waits_for: waitsFor,
    paused_lane: status === 'queued' && isLanePaused ? task.lane : null,
    log_url: hasLog ? `/api/training/${id}/log` : null,
    loss: run?.loss ?? [],
    checkpoints: kept.map(({ step, row }) => ({
      step,
      id: outputId({ task: id, frame: row.frame_index, place: row.place }),
      url: outputUrl(row.file),
      file_name: checkpointFileName(training?.style_name ?? task.prompt, step),
      size_bytes: row.size_bytes,
      in_use: run?.styleId != null && run.lora !== null && stepInUse(run.lora, steps) === step,
    })),
    output_lora_path: run?.lora && run.styleId !== null ? `/${run.lora}` : null,
    lora_notice: loraNotice(run?.styleId != null ? run.styleModel : (kept.at(-1)?.model ?? null), family),
    has_samples,
    preview_url: sheet ? outputUrl(sheet.file) : frame ? previewUrl(frame) : null,
    created_at,
    started_at,
    completed_at,
    error,
    version,
  };
}
