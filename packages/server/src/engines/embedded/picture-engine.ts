/** The base of the three embedded engines: sends a job to the child process and wraps the picture that returns. */
import type { Bilingual, EngineHealth, Family, FrameRecipe, Missing } from '@limner/contract';
import { builtInHealth } from '../built-in-health.ts';
import type { Engine, EngineOutput, FrameContext, Lane } from '../engine.ts';
import { paintingLanes, USUAL_SILENCE_MS, USUAL_TRIES } from '../policy.ts';
import { familyNotFound, unknownFamily } from '../unknown-family.ts';
import type { JobKind } from './job.ts';
import type { EmbeddedProcess } from './process.ts';

export interface PictureEngineOptions {
  /** The repository's `models` folder. */
  modelsDir: string;
  process: EmbeddedProcess;
}

export abstract class PictureEngine implements Engine {
  abstract readonly id: string;
  abstract readonly label: Bilingual;
  /** Below a ComfyUI server's. */
  readonly preference: number = 10;
  readonly silenceMs = USUAL_SILENCE_MS;
  readonly tries = USUAL_TRIES;
  protected readonly process: EmbeddedProcess;
  protected readonly modelsDir: string;
  #running = 0;

  constructor({ process, modelsDir }: PictureEngineOptions) {
    this.process = process;
    this.modelsDir = modelsDir;
  }

  abstract families(): Family[];
  abstract supports(request: FrameRecipe): Missing[];
  /** For one of its own families. */
  protected abstract lacking(family: string): Missing[];
  protected abstract draw(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]>;

  get lanes(): Lane[] {
    return paintingLanes(this.id);
  }

  missing(family: string): Missing[] {
    return this.#serves(family) ? this.lacking(family) : [unknownFamily(family)];
  }

  slots(): number {
    return this.process.slots;
  }

  async run(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    if (!this.#serves(frame.family)) throw familyNotFound(frame.family);
    this.#running++;
    try {
      return await this.draw(frame, ctx);
    } finally {
      this.#running--;
    }
  }

  protected async runJob<J extends object>(
    kind: JobKind<J>,
    job: J,
    frame: FrameRecipe,
    ctx: FrameContext,
  ): Promise<EngineOutput> {
    const { png, summary, details } = await this.process.run(kind, job, ctx);
    return {
      body: png,
      mediaType: 'image/png',
      provenance: { engine: this.id, family: frame.family, summary, details },
    };
  }

  async health(): Promise<EngineHealth[]> {
    const missing = this.families().flatMap((family) => this.missing(family.id));
    return [
      builtInHealth({
        id: this.id,
        label: this.label,
        status: this.#running > 0 ? 'busy' : 'ready',
        running: this.#running,
        families: this.families().map((family) => family.id),
        missing,
        note: null,
      }),
    ];
  }

  #serves(family: string): boolean {
    return this.families().some(({ id }) => id === family);
  }

  /** The process is shared; its creator closes it. */
  async close(): Promise<void> {}
}
