/**
 * Repairs an installation: moves files without a row back or sets them aside, mends rows that contradict each other, then
 * recovers what was set aside. One repair runs at a time in all processes of a database; another request for the same
 * waits for its result, or is refused where another process repairs.
 */
import { type Caller, type RepairResult, RepairState, StudioError } from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Writer } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import { Check } from './check.ts';
import { FileMoves } from './file-moves.ts';
import { FileOwners } from './file-owners.ts';
import { Recovery, type RecoveryOptions } from './recovery.ts';
import { RepairRun } from './repair-run.ts';
import { LeaseLost, RepairLease, repairingProcess } from './store/repair-lease.ts';
import { readState, writeState } from './store/repair-state.ts';

export interface RepairOptions extends RecoveryOptions {
  /** This process. */
  holder: string;
}

interface Current {
  run: RepairRun;
  ended: Promise<RepairResult>;
}

const NONE: RepairState = {
  running: false,
  dry_run: false,
  phase: 'files',
  done: 0,
  total: null,
  started_at: null,
  result: null,
};

export class Repair {
  readonly #options: RepairOptions;
  #current: Current | null = null;
  /** The last one of this process. */
  #last: RepairState | null = null;

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /**
   * A second request joins the first. A repair waits for a dry run to end.
   * @throws StudioError `repair_running` for a dry run during a repair, and for a repair while another process repairs
   */
  async run(caller: Caller, { dry_run }: { dry_run: boolean }): Promise<RepairResult> {
    refuseStranger(caller);
    while (this.#current && this.#current.run.isDry !== dry_run) {
      if (dry_run) throw new StudioError('repair_running');
      await this.#current.ended.catch(() => undefined);
    }
    this.#current ??= this.#begin(new RepairRun(caller, dry_run));
    return this.#current.ended;
  }

  /** Of this process, otherwise of the one that repairs, otherwise of the last repair. */
  async state(caller: Caller): Promise<RepairState> {
    refuseStranger(caller);
    if (this.#current) return this.#current.run.state();
    const { db, holder } = this.#options;
    const process = await repairingProcess(db);
    const isElsewhere = process !== null && process !== holder;
    if (!isElsewhere && this.#last) return this.#last;
    const stored = RepairState.safeParse(parsed(await readState(db))).data ?? NONE;
    return { ...stored, running: isElsewhere };
  }

  /** Waits for the current one, which ends soon after `stopping`. */
  async close(): Promise<void> {
    await this.#current?.ended.catch(() => undefined);
  }

  #begin(run: RepairRun): Current {
    const ended = this.#run(run).finally(() => {
      this.#current = null;
    });
    return { run, ended };
  }

  async #run(run: RepairRun): Promise<RepairResult> {
    if (run.isDry) await this.#work(run, null);
    else await this.#underLease(run);
    this.#last = run.state(true);
    return run.result;
  }

  async #underLease(run: RepairRun): Promise<void> {
    const { db, log, holder } = this.#options;
    let isEnded = false;
    const onRenew = (trx: Writer) => writeState(trx, JSON.stringify(run.state(isEnded)));
    const lease = await RepairLease.take({ db, log, holder, onRenew });
    if (!lease) throw new StudioError('repair_running');
    try {
      await this.#work(run, lease);
      isEnded = !this.#options.stopping.aborted;
    } catch (error) {
      if (error instanceof LeaseLost) throw new StudioError('repair_running', { cause: error });
      throw error;
    } finally {
      await lease.drop();
    }
  }

  async #work(run: RepairRun, lease: RepairLease | null): Promise<void> {
    const options = this.#options;
    const moves = new FileMoves({ ...options, lease });
    const owners = new FileOwners(options);
    const recovery = new Recovery(options, moves, owners);
    if (!run.isDry) await recovery.undo();
    const files = await recovery.files(run);
    if (options.stopping.aborted) return;
    await new Check({ ...options, moves, owners }).run(run);
    await recovery.recover(run, files);
  }
}
