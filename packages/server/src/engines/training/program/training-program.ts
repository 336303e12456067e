/**
 * A trainer that is somebody else's program. Such a file says which commands are run, how their output is read, and which
 * files they leave; `ProgramTrainer` runs and supervises them. It keeps no state of a run: everything is found again in
 * the run's folder, by this process or the next.
 */
import type { Readable } from 'node:stream';
import type {
  Bilingual,
  LossPoint,
  Missing,
  TrainerParam,
  TrainerPreset,
  TrainingParams,
  TrainingPhase,
} from '@limner/contract';
import type { TrainingJob } from '../trainer.ts';
import type { FailureKind } from './failure-kind.ts';

/** A file with the whole state after a step, from which the program can continue. */
export interface ResumePoint {
  step: number;
  /** Absolute; a file or a folder, as the program wants it. */
  path: string;
}

/** A whole LoRA file of a run. */
export interface SavedLora {
  step: number;
  open(): Promise<Readable>;
}

export interface ProgramJob {
  job: TrainingJob;
  /** Absolute. The run's own; the program's files go here. `pictures`, `program`, `process.log` are taken. */
  folder: string;
  /** Absolute. `0001.png` with `0001.txt`, in the order of `job.pictures`: RGB, upright, without metadata. Captions may be empty. */
  pictures: string;
  /** Of the pictures as they are in the folder; in pixels. */
  sizes: readonly { width: number; height: number }[];
  /** As `stepsOf` says. */
  steps: number;
  /** Where the running or next training stage began or begins; null: at step 0. */
  from: ResumePoint | null;
  /** The last stage has ended well, so no file will follow. */
  ended: boolean;
}

export type ProgramNews =
  /** Counted from the start of the run, not of the process. */
  | { step: number; loss?: number | null }
  /** The loss of a step that was reported before, without one. */
  | { measured: LossPoint }
  | { phase: TrainingPhase };

/** Reads one line of the output, without its end. Carriage returns end lines too, so each frame of a bar is one. */
export type LineReader = (line: string) => readonly ProgramNews[];

export interface Stage {
  /** Unique among the stages of a program. A finished stage is not run again, so its id must not change. */
  id: string;
  /** Until the reader names another. */
  phase: TrainingPhase;
  /** An absolute path, or a name in PATH. */
  command: string;
  /** Passed as they are; no shell reads them. They are visible to other users of the machine: no secrets. */
  args: readonly string[];
  /** Beside the variables that every program gets (`program-environment.ts`). */
  env?: Readonly<Record<string, string>>;
  /** Absolute; the run's folder if absent. */
  cwd?: string;
  /** Writes the files that the command reads. Called before each start, never while the stage runs. */
  prepare?(): Promise<void>;
  /** Called for each try; also for a stage that an earlier process of Limner started. */
  reader(): LineReader;
}

export interface TrainingProgram {
  readonly id: string;
  readonly label: Bilingual;
  readonly description: Bilingual;
  /** The usual one first. */
  readonly families: readonly string[];
  readonly images: { min: number; max: number };
  readonly params: TrainerParam[];
  readonly presets: TrainerPreset[];
  readonly experimental: boolean;
  /** Such as `gpu 0`. */
  readonly device: string;
  /** What to change after a failure of a kind, as this program calls it. Absent kinds have general words. */
  readonly cures?: Partial<Record<FailureKind, Bilingual>>;
  familyOf(params: TrainingParams): string;
  stepsOf(params: TrainingParams, pictures: number): number;
  /** What it lacks, as last looked up; empty: it can train. */
  missing(): Missing[];
  missingFor?(params: TrainingParams): Missing[];
  /** Looks up again what is installed. Takes seconds at most and never fails. */
  refresh?(): Promise<void>;
  /** In order; the training is the last. The answer depends on the job alone. */
  stages(job: ProgramJob): readonly Stage[];
  /**
   * LoRA files that are whole, by step; one at `job.steps` is the result. A file that is being written must be left out.
   */
  saved(job: ProgramJob): Promise<SavedLora[]>;
  /**
   * The newest whole state; a broken one falls back to the one before. null: the training begins again. The steps after it
   * are taken again. Called several times a minute while it runs, so a program remembers what it has verified.
   */
  resumePoint(job: Omit<ProgramJob, 'from' | 'ended'>): Promise<ResumePoint | null>;
  /** Absolute; the folder in which it paints samples; absent or null: it paints none that are shown. */
  samples?(job: ProgramJob): string | null;
  /** Losses that it writes to files, by step; absent: it has none beside those of its output. Called several times a minute. */
  losses?(job: ProgramJob): Promise<LossPoint[]>;
}
