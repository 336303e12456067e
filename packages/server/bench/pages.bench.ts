/** Pages of the task list with ten thousand, a hundred thousand and a million tasks behind them. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { OWNER, type TaskFilter } from '@limner/contract';
import { DatabaseSync } from '@photostructure/sqlite';
import { SqliteDatabase } from '../src/db/sqlite-database.ts';
import { createLog } from '../src/log.ts';
import { searchText } from '../src/search/search-words.ts';
import { SqliteSearch } from '../src/search/sqlite-search.ts';
import { listTasks } from '../src/tasks/store/task-pages.ts';
import { startStudio } from '../test/start-studio.ts';
import { ms, percentile, timedAll } from './measure.ts';

const THINGS = ['dragon', 'sword', 'potion', 'castle', 'crown', 'ghost', '龙', '宝剑', '药水', '城堡'];
const COLOURS = ['red', 'blue', 'green', 'golden', 'silver', '红色的', '蓝色的', '绿色的'];
/** Tasks are a minute apart. */
const MINUTE_MS = 60_000;
const day = (n: number): string => new Date(n * 1440 * MINUTE_MS).toISOString();

const PAGES: [string, Partial<TaskFilter>][] = [
  ['first page', {}],
  ['deep page', { before: 5000 }],
  ['status failed (1 in 200)', { status: 'failed' }],
  ['kind and status', { kind: 'remove_bg', status: 'completed' }],
  ['text "dragon" (1 in 10)', { text: 'dragon' }],
  ['text "drag", a beginning', { text: 'drag' }],
  ['text 红色 and failed', { text: '红色', status: 'failed' }],
  ['style (1 in 4)', { style_id: 3 }],
  ['style (1 in 1000)', { style_id: 1007 }],
  ['model', { family: 'flux-schnell' }],
  ['starred (1 in 100)', { starred: true }],
  ['a day of long ago', { created_from: day(2), created_to: day(3) }],
  ['style, model and failed', { style_id: 3, family: 'flux-schnell', status: 'failed' }],
  ['style and model that never meet', { style_id: 2, family: 'flux-schnell' }],
  ['starred dragons of a style', { starred: true, style_id: 3, text: 'dragon' }],
  ['kind, style, day', { kind: 'generation', style_id: 1, created_from: day(2), created_to: day(5) }],
  ['upwards from the oldest', { after: 10, style_id: 3 }],
];

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-pages-'));
  const file = path.join(dataDir, 'limner.db');
  try {
    await (await SqliteDatabase.open(file)).close();
    let have = 0;
    for (const size of [10_000, 100_000, 1_000_000]) {
      fill(file, have, size);
      have = size;
      const db = await SqliteDatabase.open(file);
      const search = new SqliteSearch(db, createLog('silent'));
      await search.catchUp();
      print(`${size.toLocaleString('en')} tasks`);
      for (const [name, filter] of PAGES) {
        const times = await timedAll(200, 1, () => listTasks(OWNER, db, search, { limit: 50, ...filter }));
        print(
          `  ${name.padEnd(32)} p50 ${ms(percentile(times, 50)).padStart(9)}  p99 ${ms(percentile(times, 99)).padStart(9)}`,
        );
      }
      await db.close();
      await overHttp(dataDir, print);
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function overHttp(dataDir: string, print: (line: string) => void): Promise<void> {
  const studio = await startStudio({
    dataDir,
    engines: [],
    environ: { TASK_CLEANUP_DAYS: '0', RATE_LIMIT_PER_MINUTE: '1000000' },
  });
  try {
    // The clean-up that every start begins with: it removes the failed tasks, which are old.
    await studio.studio.cleanup.removeOld(Date.now());
    for (const [name, query] of [
      ['first page', {}],
      ['failed dragons', { status: 'failed', text: 'dragon' }],
    ] as const) {
      const times = await timedAll(100, 1, () => studio.client.tasks(query));
      print(
        `  ${`${name}, over HTTP`.padEnd(32)} p50 ${ms(percentile(times, 50)).padStart(9)}  p99 ${ms(percentile(times, 99)).padStart(9)}`,
      );
    }
  } finally {
    await studio.close();
  }
}

/** Straight into the tables: what is measured is reading. */
function fill(file: string, from: number, to: number): void {
  const db = new DatabaseSync(file);
  db.exec('pragma synchronous = off; pragma cache_size = -200000; begin');
  const task =
    db.prepare(`insert into tasks (id, kind, status, lane, priority, family, prompt, search_text, plan, total_frames, version, created_at, completed_at, style_id, stars)
    values (?, ?, ?, 'starter', 0, ?, ?, ?, '{}', 1, ?, ?, ?, ?, ?)`);
  const frame = db.prepare(
    `insert into frames (task_id, frame_index, status, seed, completed_at) values (?, 0, ?, '1', ?)`,
  );
  const output =
    db.prepare(`insert into outputs (task_id, frame_index, place, role, file, media_type, width, height, size_bytes, created_at)
    values (?, 0, 0, 'main', ?, 'image/png', 512, 512, 1000, ?)`);
  for (let id = from + 1; id <= to; id += 1) {
    const status = id % 200 === 0 ? 'failed' : 'completed';
    const prompt = `${COLOURS[id % 8]} ${THINGS[(id * 7) % 10]} number${id % 1000}`;
    const style = id % 1000 === 7 ? 1007 : (id % 4) + 1;
    const family = id % 8 === 2 || id % 8 === 6 ? 'flux-schnell' : 'starter';
    const kind = id % 5 === 0 ? 'remove_bg' : 'generation';
    const moment = id * MINUTE_MS;
    const stars = id % 100 === 2 ? 1 : 0;
    task.run(id, kind, status, family, prompt, searchText(prompt), id, moment, moment, style, stars);
    frame.run(id, status, id);
    if (status === 'completed') output.run(id, `outputs/${id}_0.png`, id);
  }
  db.exec('commit; pragma wal_checkpoint(truncate); analyze');
  db.close();
}
