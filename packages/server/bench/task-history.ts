/** Many tasks of the past, written straight into the tables: what is measured is reading. */
import { DatabaseSync } from '@photostructure/sqlite';
import { Client } from 'pg';
import { plainWords, searchText } from '../src/search/search-words.ts';

const THINGS = ['dragon', 'sword', 'potion', 'castle', 'crown', 'ghost', '龙', '宝剑', '药水', '城堡'];
const COLOURS = ['red', 'blue', 'green', 'golden', 'silver', '红色的', '蓝色的', '绿色的'];
/** Tasks are a minute apart. */
export const MINUTE_MS = 60_000;
/** After so many tasks their prompts begin anew. */
const PROMPTS = 1000;

const promptOf = (id: number): string => `${COLOURS[id % 8]} ${THINGS[(id * 7) % 10]} number${id % PROMPTS}`;

/** Tasks from + 1 … to. The search table follows when it is asked. */
export function fillSqlite(file: string, from: number, to: number): void {
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
    const prompt = promptOf(id);
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

/** Tasks 1 … to, the same ones. */
export async function fillPostgres(url: string, to: number): Promise<void> {
  const client = new Client(url);
  await client.connect();
  const prompts = Array.from({ length: PROMPTS }, (_, n) => promptOf(n));
  const texts = prompts.map((prompt) => plainWords(searchText(prompt)).join(' '));
  try {
    const { rows: indexes } = await client.query<{ name: string; made: string }>(
      "select indexname as name, indexdef as made from pg_indexes where tablename = 'tasks' and indexname <> 'tasks_pkey'",
    );
    // Made at the end, which takes less than half the time.
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    await client.query('create temp table prompts (n int, prompt text, search_text text)');
    await client.query(
      'insert into prompts select n - 1, prompt, text from unnest($1::text[], $2::text[]) with ordinality as given (prompt, text, n)',
      [prompts, texts],
    );
    await client.query(`insert into tasks (id, kind, status, lane, priority, family, prompt, search_text, plan, total_frames, version, created_at, completed_at, style_id, stars)
      select id, case when id % 5 = 0 then 'remove_bg' else 'generation' end, case when id % 200 = 0 then 'failed' else 'completed' end,
        'starter', 0, case when id % 8 in (2, 6) then 'flux-schnell' else 'starter' end, prompt, search_text, '{}', 1, id,
        id * ${MINUTE_MS}, id * ${MINUTE_MS}, case when id % 1000 = 7 then 1007 else id % 4 + 1 end, case when id % 100 = 2 then 1 else 0 end
      from generate_series(1::bigint, ${to}) as id join prompts on n = id % ${PROMPTS} order by id`);
    await client.query(
      "insert into frames (task_id, frame_index, status, seed, completed_at) select id, 0, status, '1', id from tasks",
    );
    await client.query(`insert into outputs (task_id, frame_index, place, role, file, media_type, width, height, size_bytes, created_at)
      select id, 0, 0, 'main', 'outputs/' || id || '_0.png', 'image/png', 512, 512, 1000, id from tasks where status = 'completed'`);
    for (const { made } of indexes) await client.query(made);
    await client.query(`select setval(pg_get_serial_sequence('tasks', 'id'), ${to})`);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
