/** What is wrong in a status, and what to do. Pure. */
import { type Bilingual, type EngineHealth, isMissed, type StudioStatus } from '@limner/contract';

type Problem = StudioStatus['problems'][number];
type Facts = Omit<StudioStatus, 'problems'>;

const MAX_LAG_SECONDS = 0.5;
const STANDS_AFTER_SECONDS = 600;
const LEAST_FREE_SHARE = 0.05;

export const problemsIn = (status: Facts, engines: readonly EngineHealth[]): Problem[] => [
  ...processProblems(status),
  ...laneProblems(status),
  ...engines.filter(isMissed).map(engineProblem),
  ...diskProblems(status),
  ...(status.redis === 'away'
    ? [
        {
          what: { en: 'Redis does not answer.', zh: 'Redis 没有回应。' },
          cure: {
            en: 'Nothing is lost: Postgres carries the news meanwhile. Start Redis, or check REDIS_URL.',
            zh: '不会丢失任何内容：其间由 Postgres 传递消息。请启动 Redis，或检查 REDIS_URL。',
          },
        },
      ]
    : []),
];

function processProblems({ processes, lanes }: Facts): Problem[] {
  const alive = processes.filter((process) => process.alive);
  const problems: Problem[] = processes
    .filter((process) => !process.alive)
    .map(({ name, seen_seconds_ago }) => {
      const isLong = seen_seconds_ago >= 120;
      const time = Math.round(isLong ? seen_seconds_ago / 60 : seen_seconds_ago);
      return {
        what: {
          en: `The process ${name} was last seen ${time} ${isLong ? 'min' : 's'} ago.`,
          zh: `进程 ${name} 最后一次出现在 ${time} ${isLong ? '分钟' : '秒'}前。`,
        },
        cure: {
          en: 'It was killed, is frozen, or cannot reach the database. Its log says why; start it again. It leaves this list after a day.',
          zh: '它被强制结束、停顿，或无法访问数据库。请查看其日志并重新启动。一天后它会从此列表中消失。',
        },
      };
    });
  const waiting = lanes.some(({ queued, paused }) => queued > 0 && !paused);
  if (waiting && alive.length > 0 && !alive.some(({ paints }) => paints))
    problems.push({
      what: { en: 'Tasks wait, and no process paints.', zh: '有任务在等待，但没有进程在绘制。' },
      cure: {
        en: 'Start a worker (limner worker), or remove RUN_WORKER=false from a server.',
        zh: '请启动绘制进程（limner worker），或去掉某个服务器的 RUN_WORKER=false。',
      },
    });
  const versions = [...new Set(alive.map(({ version }) => version))];
  if (versions.length > 1)
    problems.push({
      what: {
        en: `Processes of different versions run: ${versions.join(', ')}.`,
        zh: `正在运行不同版本的进程：${versions.join('、')}。`,
      },
      cure: { en: 'Restart the older ones.', zh: '请重新启动较旧的进程。' },
    });
  for (const { name, lag_seconds } of alive)
    if (lag_seconds > MAX_LAG_SECONDS)
      problems.push({
        what: {
          en: `The process ${name} answers ${lag_seconds.toFixed(1)} s late.`,
          zh: `进程 ${name} 的回应延迟 ${lag_seconds.toFixed(1)} 秒。`,
        },
        cure: {
          en: 'Its machine is too busy. Give it more CPU, or let workers paint (RUN_WORKER=false).',
          zh: '所在机器过于繁忙。请增加 CPU，或改由绘制进程绘制（RUN_WORKER=false）。',
        },
      });
  return problems;
}

function laneProblems({ lanes }: Facts): Problem[] {
  return lanes.flatMap(({ engine, queued, running, oldest_seconds, paused }) => {
    if (queued > 0 && paused)
      return [
        {
          what: {
            en: `${engine.en}: the lane is paused, ${queued} waiting.`,
            zh: `${engine.zh}：${queued} 个任务在已暂停的队列中等待。`,
          },
          cure: { en: 'Resume it in the queue.', zh: '请在队列中恢复。' },
        },
      ];
    if (running > 0 || oldest_seconds === null || oldest_seconds < STANDS_AFTER_SECONDS) return [];
    return [
      {
        what: {
          en: `${engine.en}: ${queued} waiting, none running.`,
          zh: `${engine.zh}：${queued} 个任务在等待，没有任务在进行。`,
        },
        cure: {
          en: 'Check that a process paints and that its engine is ready: Settings → Engines.',
          zh: '请检查是否有进程在绘制，以及引擎是否就绪：设置 → 引擎。',
        },
      },
    ];
  });
}

const engineProblem = ({ label, note }: EngineHealth): Problem => ({
  what: { en: `${label.en} cannot be used.`, zh: `${label.zh} 无法使用。` },
  cure: joined(note, {
    en: 'Start it, or correct or remove its address: Settings → Engines, or COMFYUI_URL (none: no server).',
    zh: '请启动它，或更正、移除其地址：设置 → 引擎，或 COMFYUI_URL（none 表示没有服务器）。',
  }),
});

const joined = (note: Bilingual | null, cure: Bilingual): Bilingual =>
  note ? { en: `${note.en} ${cure.en}`, zh: `${note.zh}${cure.zh}` } : cure;

function diskProblems({ storage: { disk } }: Facts): Problem[] {
  if (!disk || disk.total_bytes === 0 || disk.free_bytes / disk.total_bytes >= LEAST_FREE_SHARE) return [];
  const percent = Math.round((disk.free_bytes / disk.total_bytes) * 100);
  return [
    {
      what: { en: `Only ${percent} % of the disk is free.`, zh: `磁盘仅剩 ${percent}% 空间。` },
      cure: {
        en: 'Empty the bin or clean up: Settings → Storage. TASK_CLEANUP_DAYS does it by itself.',
        zh: '请清空回收站或进行清理：设置 → 存储。TASK_CLEANUP_DAYS 可自动清理。',
      },
    },
  ];
}
