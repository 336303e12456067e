/**
 * The template that names saved pictures: the one in the settings, or else that of the server's environment. Every
 * process keeps a copy and reads it again when it changes.
 */
import {
  type Caller,
  type DrawnWords,
  outputId,
  pictureName,
  type Settings,
  type SettingsUpdate,
  templateProblem,
} from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database } from '../db/database.ts';
import { putFact, readFact, removeFact } from '../db/facts.ts';
import { parsed } from '../db/parsed.ts';
import type { FrameRow, OutputRow, TaskRow } from '../db/schema.ts';
import type { Logger } from '../log.ts';

const FACT = 'file_name_template';

/** Of a row of outputs and its task. */
export type NamedOutput = Pick<OutputRow, 'task_id' | 'frame_index' | 'place' | 'file' | 'created_at'> &
  Pick<TaskRow, 'prompt' | 'source_name' | 'family' | 'kind'> &
  Pick<FrameRow, 'seed' | 'drawn'>;

/** The words drawn for this picture, or else the prompt of its task. */
export const paintedPrompt = ({ prompt, drawn }: Pick<NamedOutput, 'prompt' | 'drawn'>): string =>
  parsed<DrawnWords>(drawn)?.prompt ?? prompt;

export type NameOf = (output: NamedOutput) => string;

export interface FileNamesOptions {
  db: Database;
  bus: Bus;
  log: Logger;
  /** Applies if the settings have no template. */
  fallback: string;
}

export class FileNames {
  readonly #options: FileNamesOptions;
  readonly #unsubscribe: (() => void)[];
  #template: string;

  private constructor(options: FileNamesOptions) {
    this.#options = options;
    this.#template = options.fallback;
    const reload = () =>
      void this.#load().catch((error) => options.log.warn({ err: error }, 'settings unread'));
    this.#unsubscribe = [
      options.bus.subscribe('changed', ({ list }) => list === 'settings' && reload()),
      options.bus.subscribe('gap', reload),
    ];
  }

  static async open(options: FileNamesOptions): Promise<FileNames> {
    const names = new FileNames(options);
    await names.#load();
    return names;
  }

  readonly of: NameOf = (output) =>
    pictureName(this.#template, {
      id: outputId({ task: output.task_id, frame: output.frame_index, place: output.place }),
      task: output.task_id,
      frame: output.frame_index,
      place: output.place,
      prompt: paintedPrompt(output),
      sourceName: output.source_name,
      seed: output.seed,
      family: output.family,
      kind: output.kind,
      completedMs: output.created_at,
      file: output.file,
    });

  settings(): Settings {
    return {
      file_name_template: this.#template,
      default_file_name_template: this.#options.fallback,
    };
  }

  /** Routes admit administrators only. */
  async update(_caller: Caller, { file_name_template: template }: SettingsUpdate): Promise<Settings> {
    const { db, bus } = this.#options;
    if (template === undefined) return this.settings();
    await db.write((trx) => (template === null ? removeFact(trx, FACT) : putFact(trx, FACT, template)));
    await this.#load();
    bus.publish({ type: 'changed', list: 'settings' });
    return this.settings();
  }

  close(): void {
    for (const stop of this.#unsubscribe) stop();
  }

  async #load(): Promise<void> {
    const { db, fallback } = this.#options;
    const stored = await readFact(db, FACT);
    this.#template = stored !== null && templateProblem(stored) === null ? stored : fallback;
  }
}
