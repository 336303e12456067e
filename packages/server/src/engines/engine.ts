/**
 * The engine port. An engine turns one frame into pictures and knows no HTTP routes, SQL or storage.
 *
 * A frame's life in an engine: the worker asks `supports` (at creation and again before running), then calls `run`.
 * `run` ends in one of three ways: it returns at least one output; it throws a `StudioError` that says what happened;
 * or it is aborted through `ctx.signal` and throws the signal's reason. It may be called again for the same frame after
 * a crash or a failure; `ctx.ticket` then has what an earlier run stored (ComfyUI's prompt id).
 */
import type {
  Bilingual,
  EngineHealth,
  Family,
  FrameRecipe,
  LossPoint,
  Missing,
  OutputRole,
  Provenance,
  RecipeStyle,
  TaskKind,
} from '@limner/contract';
import type { Span } from '../telemetry/spans.ts';
import type { FileBody, RunFiles, StoredFile } from './run-files.ts';

export interface InputPicture {
  /** Content hash, hex; equal pictures have equal hashes. */
  sha256: string;
  mediaType: string;
  width: number;
  height: number;
  read(): Promise<Buffer>;
}

export interface FrameContext {
  task: number;
  frame: number;
  /** Of the frame; an engine begins spans of what it sends elsewhere below it. Absent: it is not traced. */
  span?: Span;
  /** Aborted on cancel, time-out and shutdown. */
  signal: AbortSignal;
  /**
   * 0…1 within this frame, for a training with the newest point of its loss. Any call counts as a sign of life and
   * restarts the time-out.
   */
  progress(fraction: number, loss?: LossPoint): void;
  /**
   * How many jobs its server does before this one, 0 if it waits for a server; null: it is worked on, as at the start of
   * a run. No sign of life.
   */
  waits(behind: number | null): void;
  /** A picture of the work so far, JPEG, PNG or WebP. */
  preview(bytes: Uint8Array, mediaType: string): void;
  openInput(id: string): Promise<InputPicture>;
  /** The file of a style that has one of its own. @throws StudioError `lora_missing` */
  openLora(style: RecipeStyle): Promise<StoredFile>;
  /** What an earlier run of this frame stored, null at first. */
  ticket: string | null;
  /** Stored durably before it resolves. */
  saveTicket(ticket: string | null): Promise<void>;
  /** Files of a training run. */
  run: RunFiles;
}

/** The first output of a frame is its main one. */
export interface EngineOutput {
  body: FileBody;
  mediaType: string;
  provenance: Provenance;
  /** `main` if absent. The worker makes a style of the file with the role `lora` when the frame ends. */
  role?: OutputRole;
  /** Of outputs that are not pictures, and of pictures that the engine wrote itself and streams; others are measured. */
  width?: number;
  height?: number;
  durationMs?: number;
  /** Frames per second. */
  fps?: number;
}

/** A queue of an engine: tasks of one lane do not wait for those of another. */
export interface Lane {
  /** Unique among all engines. Stored with each task, so it must not change. */
  id: string;
  kinds: readonly TaskKind[];
  /** Tasks at once; null: as many as this installation runs per lane. */
  maxTasks: number | null;
}

export interface Engine {
  readonly id: string;
  readonly label: Bilingual;
  /** Greater is preferred where several engines serve one family. */
  readonly preference: number;
  /** Each kind of its families belongs to one of them. */
  readonly lanes: readonly Lane[];
  /** A try is given up after so long without a sign of life. */
  readonly silenceMs: number;
  /** Of this frame; absent: `silenceMs` for all. */
  silenceMsOf?(frame: FrameRecipe): number;
  /** How often a frame is run at most if its failures are transient. */
  readonly tries: number;
  /** Every family it knows, available or not. */
  families(): Family[];
  /** What this recipe needs and the engine lacks; empty: it can run. Fast: uses only what is known already. */
  supports(recipe: FrameRecipe): Missing[];
  /** What the family needs and the engine lacks; empty: available. */
  missing(family: string): Missing[];
  /** Names of the LoRAs that it can apply, each once; absent: none. */
  loras?(): string[];
  /** Reads its files and nodes again if they can change outside Limner. Takes seconds at most and never fails. */
  refresh?(): Promise<void>;
  /** Frames of one task it can take at once. */
  slots(): number;
  /** Name of the server on which a frame with this ticket runs; null if unknown. */
  serverOf?(ticket: string): string | null;
  run(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]>;
  /** Stops what an earlier run left running under this ticket, of a frame that no worker holds. Unknown tickets are ignored. */
  abandon?(ticket: string): void;
  health(): Promise<EngineHealth[]>;
  /** Resolves when everything it opened is closed. */
  close(): Promise<void>;
}
