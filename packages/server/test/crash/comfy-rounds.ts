/**
 * Users ask a real server process for everything ComfyUI makes; it and the three fake ComfyUI servers behind it, each a
 * process too, are killed at random moments and started again, over and over. Then all is let finish, and everything
 * that is left is looked at: rows, files, and which frames the servers executed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@limner/contract';
import { bundled } from '../bundle.ts';
import { FakeProcess } from '../fake-comfy/fake-process.ts';
import { serverDir } from '../places.ts';
import { Executions, finishedMarks } from './comfy-executions.ts';
import { Users } from './comfy-users.ts';
import { idle, kill, type Remains, remains, start, sweep, withDatabase } from './crash-process.ts';

export interface ComfyCrashReport extends Remains {
  /** Kills of Limner, and of ComfyUI servers. */
  rounds: number;
  serverKills: number;
  /** Tasks whose creation was answered with success. */
  acknowledged: number;
  /** Acknowledged and not there, or not in a final state. */
  lost: number;
  prompts: number;
  /** Frames that were finished in their row when Limner was killed, and ran again. */
  redone: number;
  /** Runs of frames whose server was killed before their picture was fetched: the price of a crash. */
  repeated: number;
  /** Frames that ran again though the server that had run them lived. */
  repeatedWithoutReason: string[];
  /** Frames whose three tries were all used up by servers that died. */
  wornOut: number;
  /** Codes of the other frames that failed. */
  failedOtherwise: string[];
}

const SERVERS = 3;
const PROMPT_MS = 40;
/** Longer than a server takes to come back and a frame to be tried anew, so that few meet three deaths. */
const LIFE_MS = { least: 400, more: 1_600 };
const MAX_DOWN_MS = 300;
const MAX_DEATHS = 2;

export async function comfyCrashRounds(rounds: number, random: () => number): Promise<ComfyCrashReport> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-comfy-crash-'));
  const faults = { promptMs: PROMPT_MS, previews: false };
  const fakes = await Promise.all(Array.from({ length: SERVERS }, () => FakeProcess.start({ faults })));
  try {
    const entry = await bundled(path.join(serverDir, 'test', 'crash', 'comfy-server.ts'));
    return await new Rounds(entry, dataDir, fakes, random).run(rounds);
  } finally {
    await Promise.all(fakes.map((fake) => fake.close()));
    await rm(dataDir, { recursive: true, force: true });
  }
}

class Rounds {
  private readonly users = new Users();
  private readonly executions: Executions;
  private readonly environ: Record<string, string>;
  private redone = 0;

  constructor(
    private readonly entry: string,
    private readonly dataDir: string,
    private readonly fakes: readonly FakeProcess[],
    private readonly random: () => number,
  ) {
    this.executions = new Executions(fakes);
    this.environ = { COMFYUI_URL: fakes.map(({ url }) => url).join() };
  }

  async run(rounds: number): Promise<ComfyCrashReport> {
    for (let round = 0; round < rounds; round += 1) await this.countingRedone(() => this.oneRound());
    await this.countingRedone(() => this.finish());
    const prompts = this.executions.marks().length;
    const { price, unexplained } = this.executions.repeated();
    return {
      rounds,
      serverKills: this.executions.killed,
      acknowledged: this.users.acknowledged.length,
      prompts,
      redone: this.redone,
      repeated: price,
      repeatedWithoutReason: unexplained,
      ...this.endings(),
      ...remains(this.dataDir),
    };
  }

  private async countingRedone(work: () => Promise<void>): Promise<void> {
    const finished = finishedMarks(this.dataDir);
    const before = this.executions.marks().length;
    await work();
    const ran = this.executions.marks().slice(before);
    this.redone += ran.filter((mark) => finished.has(mark)).length;
  }

  /** Limner lives and is killed; meanwhile, or while it is dead, so are some of its servers. */
  private async oneRound(): Promise<void> {
    const server = await start(this.entry, this.dataDir, this.environ);
    const over = new AbortController();
    const working = this.users.work(server.url, over.signal);
    const deaths = this.victims().map((victim) => this.dieAndComeBack(victim));
    await pause(this.lifeMs());
    await kill(server);
    over.abort();
    await Promise.all([working, ...deaths]);
  }

  private victims(): number[] {
    const first = Math.floor(this.random() * SERVERS);
    const count = Math.floor(this.random() * (MAX_DEATHS + 1));
    return Array.from({ length: count }, (_, index) => (first + index) % SERVERS);
  }

  private async dieAndComeBack(victim: number): Promise<void> {
    await pause(this.lifeMs());
    await this.executions.kill(victim);
    await pause(this.random() * MAX_DOWN_MS);
    await this.fakes[victim]?.restart();
  }

  private lifeMs(): number {
    return LIFE_MS.least + this.random() * LIFE_MS.more;
  }

  private async finish(): Promise<void> {
    const { entry, dataDir, environ } = this;
    const server = await start(entry, dataDir, environ);
    await idle(createClient({ baseUrl: server.url }));
    await kill(server);
    await sweep(entry, dataDir, environ);
  }

  private endings(): Pick<ComfyCrashReport, 'lost' | 'wornOut' | 'failedOtherwise'> {
    return withDatabase(this.dataDir, (db) => {
      const ended = db
        .prepare("select id from tasks where status in ('completed', 'partial', 'failed')")
        .all();
      const ids = new Set((ended as { id: number }[]).map(({ id }) => id));
      const failed = db
        .prepare(`select tries, error ->> 'code' as code from frames where status = 'failed'`)
        .all() as { tries: number; code: string }[];
      const otherwise = failed.filter(({ tries, code }) => tries < 3 || !DEAD_SERVER.includes(code));
      return {
        lost: this.users.acknowledged.filter((id) => !ids.has(id)).length,
        wornOut: failed.length - otherwise.length,
        failedOtherwise: otherwise.map(({ code }) => code),
      };
    });
  }
}

const DEAD_SERVER = ['job_lost', 'engine_unreachable'];
