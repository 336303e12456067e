/** What one repair has done so far, and how far it is. */
import {
  type Caller,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  MAX_NAMED_FINDINGS,
  MAX_NAMED_LEFT,
  type RepairPhase,
  type RepairReason,
  type RepairResult,
  type RepairState,
} from '@limner/contract';
import type { AsideFile } from './aside-file.ts';
import type { RestoredTask } from './restored-task.ts';

export class RepairRun {
  readonly caller: Caller;
  readonly result: RepairResult;
  /** In a dry run: keys whose file would be moved back, and ids of outputs whose row would be inserted with it. */
  readonly returning = new Set<string>();
  readonly #startedAt = new Date().toISOString();
  readonly #findings = new Map<FindingKind, Finding>();
  #phase: RepairPhase = 'files';
  #done = 0;
  #total: number | null = null;

  constructor(caller: Caller, isDry: boolean) {
    this.caller = caller;
    this.result = {
      dry_run: isDry,
      findings: [],
      returned_files: 0,
      task_ids: [],
      tasks: 0,
      outputs: 0,
      stars: 0,
      without_recipe: 0,
      uploads: 0,
      styles: 0,
      size_bytes: 0,
      left_files: 0,
      left: [],
    };
  }

  get isDry(): boolean {
    return this.result.dry_run;
  }

  begin(phase: RepairPhase, total: number | null): void {
    this.#phase = phase;
    this.#done = 0;
    this.#total = total;
  }

  advance(count = 1): void {
    this.#done += count;
  }

  state(isEnded = false): RepairState {
    return {
      running: !isEnded,
      dry_run: this.isDry,
      phase: this.#phase,
      done: this.#done,
      total: this.#total,
      started_at: this.#startedAt,
      result: isEnded ? this.result : null,
    };
  }

  find(kind: FindingKind, name: string, isMended: boolean): void {
    const finding = this.#findings.get(kind) ?? { kind, count: 0, mended: 0, names: [] };
    this.#findings.set(kind, finding);
    finding.count += 1;
    if (isMended) finding.mended += 1;
    if (finding.names.length < MAX_NAMED_FINDINGS) finding.names.push(name);
    this.result.findings = FINDING_KINDS.flatMap((each) => this.#findings.get(each) ?? []);
  }

  leave({ key: file }: AsideFile, reason: RepairReason): void {
    const { result } = this;
    result.left_files += 1;
    if (result.left.length < MAX_NAMED_LEFT) result.left.push({ file, reason });
  }

  countTask({ outputs, recipe }: RestoredTask, stars: number): void {
    this.result.tasks += 1;
    this.result.outputs += outputs.length;
    this.result.stars += stars;
    if (!recipe) this.result.without_recipe += 1;
  }
}
