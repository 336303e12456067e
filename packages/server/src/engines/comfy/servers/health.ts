/** What the engines page shows of each ComfyUI: status, abilities, and what it lacks with the cure. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bilingual, type EngineHealth, type Missing, zh } from '@limner/contract';
import type { ComfyFamily } from '../families/family.ts';
import type { ServerInfo } from '../server-info.ts';
import { type Member, modeOf } from './pool.ts';

/** The user may have just added a model file. */
const REFRESH_AGE_MS = 30_000;
/** If a server does not report its memory within this time, the last value is shown. */
const STATS_WAIT_MS = 250;

export async function serverHealth(
  member: Member,
  families: readonly ComfyFamily[],
  waitingForServer: number,
): Promise<EngineHealth> {
  const { server, config, active } = member;
  server.refreshIfOlder(REFRESH_AGE_MS);
  if (server.link === 'ready') await freshStats(member);
  const info = server.link === 'ready' ? server.info : null;
  const lacking = info
    ? families.map((family) => ({ id: family.spec.id, missing: family.missing(info) }))
    : [];
  const memory = server.stats?.memory;
  const running = Math.min(active, 1);
  return {
    id: config.id,
    kind: 'comfy',
    label: { en: config.name, zh: config.name },
    status: statusOf(member),
    url: server.client.server.url,
    version: server.stats?.version ?? null,
    running,
    queued: Math.max(server.remaining, active) - running,
    memory: info && memory ? { used_bytes: memory.usedBytes, total_bytes: memory.totalBytes } : null,
    families: lacking.filter(({ missing }) => missing.length === 0).map(({ id }) => id),
    missing: info
      ? onServer(
          config.name,
          lacking.flatMap(({ missing }) => missing),
        )
      : awayMissing(member),
    note: noteOf(member, waitingForServer),
    named_in: null,
  };
}

/** A slow server does not delay the page; its answer is used the next time. */
const freshStats = ({ server }: Member): Promise<void> =>
  Promise.race([server.refreshStats(), sleep(STATS_WAIT_MS)]);

function statusOf(member: Member): EngineHealth['status'] {
  const { server, active } = member;
  const mode = modeOf(member);
  if (mode !== 'enabled') return mode;
  if (server.link === 'refused' || server.link === 'not_responding') return server.link;
  if (server.link !== 'ready') return 'unreachable';
  return active > 0 || server.remaining > 0 ? 'busy' : 'ready';
}

/** Each missing thing once, with its server. */
export function onServer(server: string, missing: readonly Missing[]): Missing[] {
  const once = new Map(missing.map((item) => [`${item.what} ${item.name}`, { ...item, server }]));
  return [...once.values()];
}

/** What to do about a server that takes no frames. */
export function awayMissing(member: Member): Missing[] {
  const { name, mode } = member.config;
  const { url } = member.server.client.server;
  return [
    {
      what: 'server',
      name: url,
      server: name,
      cure: mode && mode !== 'enabled' ? modeCure(name, mode) : awayCure(member),
    },
  ];
}

const modeCure = (name: string, mode: string): Bilingual =>
  mode === 'draining'
    ? {
        en: `${name} takes nothing new. Enable it again in Settings.`,
        zh: zh`${name} 不再接收新任务，请在设置中重新启用。`,
      }
    : { en: `${name} is switched off. Enable it in Settings.`, zh: zh`${name} 已停用，请在设置中启用。` };

function awayCure({ server, config }: Member): Bilingual {
  const { url } = server.client.server;
  if (server.link === 'refused') {
    return {
      en: `${config.name} refuses our credentials. Correct its address or token.`,
      zh: zh`${config.name} 拒绝了我们的凭据，请更正地址或令牌。`,
    };
  }
  if (server.link === 'not_responding') {
    return {
      en: `${config.name} at ${url} takes connections but does not answer. If it does not recover, restart ComfyUI there. Pictures that run on it are waited for.`,
      zh: `${config.name}（${url}）能够连接，但没有回应。若未恢复，请重启该 ComfyUI。正在其上生成的图片会继续等待。`,
    };
  }
  if (server.error?.code === 'engine_failed') {
    const { en, zh } = server.error.data.reason as Bilingual;
    return { en: `${config.name} at ${url}: ${en}.`, zh: `${config.name}（${url}）：${zh}。` };
  }
  if (server.error?.code === 'engine_answer_too_large')
    return { en: server.error.body('en').message, zh: server.error.body('zh').message };
  return {
    en: `ComfyUI at ${url} does not answer. Start it, or correct its address. Limner tries again by itself.`,
    zh: `${url} 处的 ComfyUI 没有响应。请启动它，或更正地址。Limner 会自动重试。`,
  };
}

function noteOf(member: Member, waitingForServer: number): Bilingual | null {
  if (modeOf(member) !== 'enabled') return null;
  if (member.server.link === 'ready' && member.isTaken) return trains;
  if (member.server.link === 'ready') return member.server.clientId === null ? withoutSocket : null;
  if (waitingForServer === 0) return null;
  return {
    en: `${waitingForServer} ${waitingForServer === 1 ? 'picture waits' : 'pictures wait'} for a server to come back.`,
    zh: `有 ${waitingForServer} 张图正在等待服务器恢复。`,
  };
}

const trains: Bilingual = {
  en: 'It trains a LoRA. Pictures wait for its end, or go to another server.',
  zh: '正在训练 LoRA。图片会等待训练结束，或改用其他服务器。',
};

const withoutSocket: Bilingual = {
  en: 'Its WebSocket cannot be opened: pictures arrive, progress and previews do not.',
  zh: '无法打开它的 WebSocket：图片能正常返回，但没有进度和预览。',
};

/** No server is configured at all. */
export const noServer: Missing = {
  what: 'server',
  name: 'ComfyUI',
  cure: {
    en: 'A ComfyUI server is needed: add one in Settings, or name one in COMFYUI_URL.',
    zh: '需要 ComfyUI 服务器：请在设置中添加，或在 COMFYUI_URL 中指定。',
  },
};

/** What the server that lacks least is missing; empty if one server can do it. */
export function leastMissing(
  ready: readonly Member[],
  missing: (info: ServerInfo) => Missing[],
): Missing[] | null {
  let least: Missing[] | null = null;
  for (const { server, config } of ready) {
    if (!server.info) continue;
    const here = onServer(config.name, missing(server.info));
    if (here.length === 0) return [];
    if (!least || here.length < least.length) least = here;
  }
  return least;
}
