/**
 * Two servers and three workers over one Postgres, one Redis and three fake ComfyUI servers, each in a process of its own and with
 * a clock that is wrong by up to 30 seconds. Users ask for pictures while one of all these is killed after another and started
 * again, or a server or worker is frozen for longer than its leases and goes on. Then all is let finish, and what is left is
 * looked at.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@limner/contract';
import { openDatabase } from '../../src/db/open.ts';
import { createLog } from '../../src/log.ts';
import { OUTPUTS_FOLDER, parseOutputKey } from '../../src/outputs/output-name.ts';
import { DiskBlobs } from '../../src/storage/disk-blobs.ts';
import { setOutputsAside } from '../../src/tasks/orphans.ts';
import { bundled } from '../bundle.ts';
import { FakeProcess } from '../fake-comfy/fake-process.ts';
import { serverDir } from '../places.ts';
import { TestRedis } from '../redis-server.ts';
import { testLayout } from '../test-layout.ts';
import { CrashPostgres } from './crash-postgres.ts';
import { ManyExecutions } from './many-executions.ts';

export interface ManyCrashReport {
  rounds: number;
  /** Kills by what was killed. */
  kills: Record<string, number>;
  /** Freezes by what was frozen. */
  freezes: Record<string, number>;
  acknowledged: number;
  /** Acknowledged and not there, or not in a final state. */
  lost: number;
  pictures: number;
  /** Executions of frames that their row called completed when something was killed. */
  redone: number;
  atOnce: number;
  withoutReason: number;
  repeated: number;
  /** The longest queue of a ComfyUI server that was seen. */
  longestQueue: number;
  /** Files without a row, and what became of their frame. */
  orphanFiles: string[];
  /** Those that are still there after the sweep that a leader makes once a day. */
  orphansAfterSweep: string[];
  missingFiles: string[];
  /** Files whose size is not that of their row. */
  otherFiles: string[];
  failures: Record<string, number>;
  /** Why processes did not start, or ended by themselves. */
  refusals: string[];
}

const ROLES = ['serve', 'serve', 'worker', 'worker', 'worker'] as const;
const SERVERS = 3;
const PROMPT_MS = 100;
const MAX_SKEW_MS = 30_000;
const ROUND_MS = { least: 300, more: 1_500 };
const MAX_DOWN_MS = 1_000;
const MAX_DOWN = 3;
/** Of the ends of servers and workers. */
const FROZEN_SHARE = 0.3;
/** A lease lasts 15 seconds. */
const FROZEN_MS = { least: 17_000, more: 8_000 };
const MAX_OPEN = 40;
const IDLE_MS = 600_000;

export async function manyCrashRounds(rounds: number, random: () => number): Promise<ManyCrashReport | null> {
  const postgres = await CrashPostgres.start();
  if (postgres === null) return null;
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-many-'));
  const redis = await TestRedis.start();
  const faults = { promptMs: PROMPT_MS, previews: false };
  const fakes = await Promise.all(Array.from({ length: SERVERS }, () => FakeProcess.start({ faults })));
  const entry = await bundled(path.join(serverDir, 'test', 'crash', 'many-server.ts'));
  const crash = new Rounds({ entry, dataDir, postgres, redis, fakes, random });
  try {
    return await crash.run(rounds);
  } finally {
    await crash.close();
    await Promise.all([...fakes.map((fake) => fake.close()), redis.close(), postgres.close()]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Parts {
  entry: string;
  dataDir: string;
  postgres: CrashPostgres;
  redis: TestRedis;
  fakes: FakeProcess[];
  random: () => number;
}

class Rounds {
  private readonly parts: Parts;
  private readonly executions: ManyExecutions;
  private readonly processes: { child: ChildProcess | null; url: string | null }[];
  private readonly comingBack = new Map<string, Promise<void>>();
  private readonly acknowledged: number[] = [];
  private readonly kills: Record<string, number> = {};
  private readonly freezes: Record<string, number> = {};
  private readonly refusals: string[] = [];
  private readonly over = new AbortController();
  private asked = 0;
  private redone = 0;
  private longestQueue = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    this.executions = new ManyExecutions(parts.fakes);
    this.processes = ROLES.map(() => ({ child: null, url: null }));
  }

  async run(rounds: number): Promise<ManyCrashReport> {
    await this.start(0);
    await Promise.all(ROLES.slice(1).map((_, index) => this.start(index + 1)));
    const watching = this.watchQueues();
    const users = [this.user(), this.user(), this.user()];
    for (let round = 0; round < rounds; round += 1) await this.countingRedone(() => this.oneRound());
    this.over.abort();
    await Promise.all(users);
    await Promise.all(this.comingBack.values());
    await this.countingRedone(() => this.untilIdle());
    await watching;
    return { rounds, ...(await this.endings()) };
  }

  async close(): Promise<void> {
    this.over.abort();
    this.executions.close();
    for (const { child } of this.processes) await end(child);
  }

  private async oneRound(): Promise<void> {
    await pause(ROUND_MS.least + this.parts.random() * ROUND_MS.more);
    // Most of them live at any time, so that work goes on.
    while (this.comingBack.size >= MAX_DOWN || !(await this.killOne())) await pause(50);
  }

  /** False: it was coming back. */
  private async killOne(): Promise<boolean> {
    const dice = this.parts.random();
    if (dice < 0.7) return this.killAndComeBack(Math.floor((dice / 0.7) * ROLES.length));
    const { redis, postgres, fakes } = this.parts;
    if (dice < 0.8)
      return this.killPart(
        'redis',
        () => redis.kill(),
        () => redis.restart(),
      );
    if (dice < 0.9)
      return this.killPart(
        'postgres',
        () => postgres.kill(),
        () => postgres.restart(),
      );
    const index = Math.floor(((dice - 0.9) / 0.1) * SERVERS) % SERVERS;
    return this.killPart(
      `comfyui ${index}`,
      () => this.executions.kill(index),
      async () => fakes[index]?.restart(),
    );
  }

  private killAndComeBack(index: number): Promise<boolean> {
    if (this.parts.random() < FROZEN_SHARE) return this.freeze(index);
    const process = this.processes[index];
    return this.killPart(
      `${ROLES[index]} ${index}`,
      async () => {
        const child = process?.child ?? null;
        if (process) Object.assign(process, { child: null, url: null });
        await end(child);
      },
      () => this.start(index),
    );
  }

  /** It goes on where it was, and does not know that its leases are lost. */
  private async freeze(index: number): Promise<boolean> {
    const name = `${ROLES[index]} ${index}`;
    const process = this.processes[index];
    if (this.comingBack.has(name) || !process?.child) return false;
    const { child, url } = process;
    child.kill('SIGSTOP');
    process.url = null;
    countIn(this.freezes, name);
    const back = pause(FROZEN_MS.least + this.parts.random() * FROZEN_MS.more)
      .then(() => {
        child.kill('SIGCONT');
        process.url = url;
      })
      .finally(() => this.comingBack.delete(name));
    this.comingBack.set(name, back);
    return true;
  }

  /** One that is still coming back is left alone. */
  private async killPart(
    name: string,
    kill: () => Promise<void>,
    restart: () => Promise<void>,
  ): Promise<boolean> {
    if (this.comingBack.has(name)) return false;
    await kill();
    countIn(this.kills, name);
    const back = pause(this.parts.random() * MAX_DOWN_MS)
      .then(restart)
      .finally(() => this.comingBack.delete(name));
    this.comingBack.set(name, back);
    return true;
  }

  /** Again until it starts: Postgres may be down. */
  private async start(index: number): Promise<void> {
    for (let tries = 1; !(await this.startOnce(index)); tries += 1) {
      if (tries === 100) throw new Error(`a process did not start: ${this.refusals.at(-1)}`);
      await pause(300);
    }
  }

  private async startOnce(index: number): Promise<boolean> {
    const { entry, dataDir, postgres, redis, fakes, random } = this.parts;
    const env = {
      ...process.env,
      PORT: '0',
      LC_ALL: 'C',
      LIMNER_DATA_DIR: dataDir,
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      COMFYUI_URL: fakes.map(({ url }) => url).join(),
      RATE_LIMIT_PER_MINUTE: '1000000',
      LIMNER_PROCESS_NAME: `process-${index}`,
      LIMNER_TEST_SKEW_MS: `${Math.round((random() * 2 - 1) * MAX_SKEW_MS)}`,
      LOG_LEVEL: 'fatal',
    };
    const child = spawn(process.execPath, [entry, ROLES[index] ?? 'worker'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data) => {
      said = `${said}${data}`.slice(0, 1_000);
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (!/ready/.test(line)) continue;
      this.processes[index] = { child, url: /ready at (\S+)/.exec(line)?.[1] ?? null };
      child.once('exit', (code) => {
        if (code !== null) this.refusals.push(`ended with ${code}: ${said}`);
      });
      return true;
    }
    this.refusals.push(said.split('\n')[0] ?? '');
    return false;
  }

  /** Takes refusals and silence, and goes on asking. */
  private async user(): Promise<void> {
    while (!this.over.signal.aborted) {
      const urls = this.processes.flatMap(({ url }) => url ?? []);
      const url = urls[Math.floor(this.parts.random() * urls.length)];
      if (url !== undefined) await this.ask(url).catch(() => undefined);
      await pause(150);
    }
  }

  private async ask(baseUrl: string): Promise<void> {
    const client = createClient({ baseUrl });
    const { tasks } = await client.call('health', {});
    if (tasks.queued + tasks.running > MAX_OPEN) return;
    this.asked += 1;
    const size = { width: 64, height: 64, batch_size: 1 + (this.asked % 3) };
    const { id } = await client.call('generate', {
      body: { prompt: 'a red dragon', family: 'flux-schnell', seed: this.asked * 10, ...size },
    });
    this.acknowledged.push(id);
  }

  private async countingRedone(work: () => Promise<void>): Promise<void> {
    const finished = await this.finishedSeeds();
    const before = this.executions.count;
    await work();
    this.redone += this.executions.seedsSince(before).filter((seed) => finished.has(seed)).length;
  }

  private async finishedSeeds(): Promise<Set<string>> {
    const sql = "select seed from frames where status = 'completed'";
    const rows = await this.parts.postgres.query<{ seed: string }>(sql).catch(() => []);
    return new Set(rows.map(({ seed }) => String(seed)));
  }

  private async untilIdle(): Promise<void> {
    const sql = "select count(*)::int as open from tasks where status in ('queued', 'running')";
    for (const deadline = Date.now() + IDLE_MS; Date.now() < deadline; await pause(200)) {
      const [row] = await this.parts.postgres.query<{ open: number }>(sql);
      if (row?.open === 0) return;
    }
  }

  private async watchQueues(): Promise<void> {
    while (!this.over.signal.aborted) {
      const lengths = this.parts.fakes.map(async ({ url, alive }) => {
        if (!alive) return 0;
        const answer = await fetch(`${url}/queue`).catch(() => null);
        const queue = (await answer?.json().catch(() => null)) as Record<string, unknown[]> | null;
        return queue ? (queue.queue_running?.length ?? 0) + (queue.queue_pending?.length ?? 0) : 0;
      });
      this.longestQueue = Math.max(this.longestQueue, ...(await Promise.all(lengths)));
      await pause(20);
    }
  }

  private async endings(): Promise<Omit<ManyCrashReport, 'rounds'>> {
    const { postgres, dataDir } = this.parts;
    const final = await postgres.query<{ id: number }>(
      "select id from tasks where status in ('completed', 'partial', 'failed')",
    );
    const ended = new Set(final.map(({ id }) => Number(id)));
    const outputs = await postgres.query<{ file: string; size_bytes: string }>(
      'select file, size_bytes from outputs',
    );
    const named = new Set(outputs.map(({ file }) => file));
    const sizeOf = (file: string) => statSync(path.join(dataDir, file), { throwIfNoEntry: false })?.size;
    const without = () => filesIn(dataDir).filter((file) => !named.has(file));
    const orphanFiles = await Promise.all(without().map((file) => this.described(file)));
    await this.sweep();
    const failed = await postgres.query<{ error: string | null }>(
      "select error from frames where status = 'failed'",
    );
    const failures: Record<string, number> = {};
    for (const { error } of failed) {
      const code = String((JSON.parse(error ?? '{}') as { code?: string }).code);
      failures[code] = (failures[code] ?? 0) + 1;
    }
    return {
      kills: this.kills,
      freezes: this.freezes,
      acknowledged: this.acknowledged.length,
      lost: this.acknowledged.filter((id) => !ended.has(id)).length,
      pictures: outputs.length,
      redone: this.redone,
      atOnce: this.executions.atOnce.length,
      withoutReason: this.executions.withoutReason.length,
      repeated: this.executions.repeated,
      longestQueue: this.longestQueue,
      orphanFiles,
      orphansAfterSweep: without(),
      missingFiles: [...named].filter((file) => sizeOf(file) === undefined),
      otherFiles: outputs
        .filter(({ file, size_bytes }) => ![undefined, Number(size_bytes)].includes(sizeOf(file)))
        .map(({ file }) => file),
      failures,
      refusals: this.refusals,
    };
  }

  /** A file with the status of its frame. */
  private async described(file: string): Promise<string> {
    const name = parseOutputKey(file);
    const [frame] = await this.parts.postgres.query<{ status: string; error: string | null }>(
      `select status, error from frames where task_id = ${name?.task ?? 0} and frame_index = ${name?.frame ?? 0}`,
    );
    return `${file} (${frame ? `${frame.status} ${frame.error ?? ''}` : 'no frame'})`;
  }

  /** As the leader sweeps, once the time has passed within which a row may follow. */
  private async sweep(): Promise<void> {
    const { postgres, dataDir } = this.parts;
    const db = await openDatabase({ dialect: 'postgres', url: postgres.url });
    const blobs = await DiskBlobs.open(dataDir, testLayout.fileThreadEntry);
    try {
      await setOutputsAside({ db, blobs, log: createLog('silent') }, Date.now() + MAX_SKEW_MS);
    } finally {
      await blobs.close();
      await db.close();
    }
  }
}

const countIn = (counts: Record<string, number>, name: string): void => {
  const kind = name.split(' ')[0] ?? name;
  counts[kind] = (counts[kind] ?? 0) + 1;
};

const filesIn = (dataDir: string): string[] =>
  readdirSync(path.join(dataDir, OUTPUTS_FOLDER)).map((name) => `${OUTPUTS_FOLDER}${name}`);

async function end(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
