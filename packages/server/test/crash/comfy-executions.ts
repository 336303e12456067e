/** What several fake ComfyUI servers executed over all their lives, frame by frame. */
import type { FakeProcess } from '../fake-comfy/fake-process.ts';
import { hasDatabase, withDatabase } from './crash-process.ts';

interface Execution {
  /** Which frame it was: its seed, or the hash of its picture where there is no seed. */
  mark: string;
  /** The server, and which of its lives. */
  life: string;
}

export class Executions {
  private readonly all: Execution[] = [];
  private readonly read: number[];
  private readonly deaths: number[];
  /** How many executions were known when a life ended. */
  private readonly endedAt = new Map<string, number>();

  constructor(private readonly fakes: readonly FakeProcess[]) {
    this.read = fakes.map(() => 0);
    this.deaths = fakes.map(() => 0);
  }

  get killed(): number {
    return this.deaths.reduce((sum, deaths) => sum + deaths, 0);
  }

  /** Everything so far, in order but for what ran between two calls. */
  marks(): string[] {
    this.fakes.forEach((fake, index) => {
      const fresh = fake.graphs.slice(this.read[index]);
      this.read[index] = fake.graphs.length;
      this.all.push(...fresh.map((graph) => ({ mark: markOf(graph), life: this.life(index) })));
    });
    return this.all.map(({ mark }) => mark);
  }

  async kill(index: number): Promise<void> {
    this.marks();
    await this.fakes[index]?.kill();
    this.endedAt.set(this.life(index), this.marks().length);
    this.deaths[index] = (this.deaths[index] ?? 0) + 1;
  }

  /** Frames that ran again: because the server that had run them was killed, and those without that reason. */
  repeated(): { price: number; unexplained: string[] } {
    const before = new Map<string, Execution[]>();
    const unexplained: string[] = [];
    let repeated = 0;
    this.all.forEach(({ mark, life }, at) => {
      const earlier = before.get(mark) ?? [];
      before.set(mark, [...earlier, { mark, life }]);
      if (earlier.length > 0) repeated += 1;
      const alive = earlier.some((one) => at < (this.endedAt.get(one.life) ?? Number.POSITIVE_INFINITY));
      if (alive) unexplained.push(mark);
    });
    return { price: repeated - unexplained.length, unexplained };
  }

  private life(index: number): string {
    return `${index}/${this.deaths[index]}`;
  }
}

function markOf(graph: string): string {
  const mark = /"(?:noise_)?seed":(\d+)/.exec(graph)?.[1] ?? /limner\/([0-9a-f]{64})/.exec(graph)?.[1];
  if (!mark) throw new Error(`no mark of a frame in this graph: ${graph}`);
  return mark;
}

/** The marks of frames whose row says that they are completed. */
export function finishedMarks(dataDir: string): Set<string> {
  if (!hasDatabase(dataDir)) return new Set();
  return withDatabase(dataDir, (db) => {
    const rows = db
      .prepare(
        `select case when tasks.kind in ('remove_bg', 'control_preview') then uploads.sha256 else frames.seed end as mark
         from frames join tasks on tasks.id = frames.task_id
         left join task_inputs on task_inputs.task_id = tasks.id
         left join uploads on uploads.id = task_inputs.image
         where frames.status = 'completed'`,
      )
      .all() as { mark: string | number }[];
    return new Set(rows.map(({ mark }) => String(mark)));
  });
}
