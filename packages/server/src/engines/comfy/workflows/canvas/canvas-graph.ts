/**
 * Converts what ComfyUI's page saves to the graph that its server takes, as the page itself does before a run: muted
 * nodes and what needs them are left out, bypassed ones are passed through, subgraphs are unfolded. Pure.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import { type Graph, isLink } from '../../graph.ts';
import type { ServerInfo } from '../../server-info.ts';
import {
  Canvas,
  type CanvasNode,
  isBypassed,
  isGetter,
  isMuted,
  isNote,
  isPrimitive,
  isReroute,
  isSetter,
} from './canvas.ts';
import { type Converted, convertNode } from './canvas-node.ts';
import { Scope } from './scope.ts';

/** Unfolded: subgraphs may use others many times. */
const MOST_NODES = 5_000;
const MOST_TOLD = 20;

/** By the server that can convert most of it. @throws StudioError that names each node that could not be converted */
export function convertCanvas(json: unknown, servers: readonly ServerInfo[]): Graph {
  const parsed = Canvas.safeParse(json);
  if (!parsed.success) throw damaged(parsed.error.issues[0]?.path.join('.') ?? '');
  if (servers.length === 0) throw serverNeeded();
  const tries = servers.map((server) => tryOn(parsed.data, server));
  const [best] = tries.sort((a, b) => a.problems.length - b.problems.length);
  if (!best || best.problems.length > 0) throw notConverted(best?.problems ?? []);
  return best.graph;
}

interface Try {
  graph: Graph;
  problems: Bilingual[];
}

interface Found extends Converted {
  canvas: CanvasNode;
  id: string;
}

function tryOn(canvas: Canvas, server: ServerInfo): Try {
  const definitions = new Map((canvas.definitions?.subgraphs ?? []).map((each) => [each.id, each]));
  const found = new Map<string, Found>();
  try {
    collect(new Scope(canvas, definitions), server, found);
  } catch (error) {
    // A subgraph within itself, or links that are followed too deep.
    if (error instanceof RangeError) throw entangled();
    throw error;
  }
  dropMuted(found, server);
  const needed = neededBy(found, server);
  const kept = [...found.values()].filter(({ id }) => needed.has(id));
  return {
    graph: Object.fromEntries(kept.map(({ id, node }) => [id, node])),
    problems: kept.length === 0 ? [nothingLeft] : kept.flatMap(problemsOf),
  };
}

function collect(scope: Scope, server: ServerInfo, found: Map<string, Found>): void {
  for (const canvas of scope.nodes) {
    if (isMuted(canvas) || isBypassed(canvas) || isOfPage(canvas)) continue;
    const inner = scope.within(canvas);
    if (inner) collect(inner, server, found);
    else
      found.set(scope.idOf(canvas), {
        ...convertNode(canvas, scope, server),
        canvas,
        id: scope.idOf(canvas),
      });
    if (found.size > MOST_NODES) throw tooMany();
  }
}

const isOfPage = (node: CanvasNode): boolean =>
  [isNote, isReroute, isPrimitive, isSetter, isGetter].some((is) => is(node));

/** A node that cannot run without a muted one does not run either. */
function dropMuted(found: Map<string, Found>, server: ServerInfo): void {
  const gone = [...found.values()].filter(({ canvas, muted }) =>
    muted.some((name) => isRequired(canvas, name, server)),
  );
  for (let next = gone.pop(); next; next = gone.pop()) {
    const { id } = next;
    if (!found.delete(id)) continue;
    for (const user of found.values())
      for (const [name, value] of Object.entries(user.node.inputs)) {
        if (!isLink(value) || value[0] !== id) continue;
        delete user.node.inputs[name];
        if (isRequired(user.canvas, name, server)) gone.push(user);
      }
  }
}

const isRequired = ({ type }: CanvasNode, name: string, server: ServerInfo): boolean =>
  server.nodes.get(type)?.inputs[name]?.required ?? false;

/** Outputs, unknown nodes that nothing follows, and everything behind them. */
function neededBy(found: Map<string, Found>, server: ServerInfo): Set<string> {
  const sources = new Map([...found.values()].map(({ id, node }) => [id, linksOf(node)]));
  const followed = new Set([...sources.values()].flat());
  const ends = [...found.values()].filter(({ id, canvas }) => {
    const info = server.nodes.get(canvas.type);
    return info ? info.isOutput : !followed.has(id);
  });
  const needed = new Set<string>();
  const open = ends.map(({ id }) => id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    open.push(...(sources.get(id) ?? []));
  }
  return needed;
}

const linksOf = ({ inputs }: Graph[string]): string[] =>
  Object.values(inputs).flatMap((value) => (isLink(value) ? [value[0]] : []));

const problemsOf = ({ id, canvas, problems }: Found): Bilingual[] => {
  const name =
    canvas.title && canvas.title !== canvas.type ? `${canvas.type}, "${canvas.title}"` : canvas.type;
  return problems.map(({ en, zh }) => ({
    en: `node ${id} (${name}): ${en}.`,
    zh: `节点 ${id}（${name}）：${zh}。`,
  }));
};

const nothingLeft: Bilingual = {
  en: 'no node that saves or shows a result is left: each one is missing, muted or bypassed.',
  zh: '没有可保存或显示结果的节点：它们不存在、被静音或被绕过。',
};

/** The way without conversion. */
const EXPORT: Bilingual = {
  en: 'Or open it in ComfyUI, choose Workflow → Export (API), and import that file.',
  zh: '也可以在 ComfyUI 中打开它，选择“工作流 → 导出（API）”，再导入该文件。',
};

function notConverted(problems: Bilingual[]): StudioError {
  const told = problems.slice(0, MOST_TOLD);
  const more = problems.length - told.length;
  return refused({
    en: [
      'this workflow could not be converted.',
      ...told.map(({ en }) => en),
      ...(more > 0 ? [`${more} more.`] : []),
      EXPORT.en,
    ].join('\n'),
    zh: [
      '该工作流无法转换。',
      ...told.map(({ zh }) => zh),
      ...(more > 0 ? [`还有 ${more} 处。`] : []),
      EXPORT.zh,
    ].join('\n'),
  });
}

export const serverNeeded = (): StudioError =>
  refused({
    en: `this is a workflow as the ComfyUI page saves it. To convert it, Limner needs a connected ComfyUI server: connect one and import the file again. ${EXPORT.en}`,
    zh: `这是 ComfyUI 页面保存的工作流。转换它需要一台已连接的 ComfyUI 服务器：请先连接，然后重新导入。${EXPORT.zh}`,
  });

const damaged = (where: string): StudioError =>
  refused({
    en: `this file is not a workflow that the ComfyUI page saved: something is wrong at ${where}. ${EXPORT.en}`,
    zh: `这不是 ComfyUI 页面保存的工作流：${where} 处有误。${EXPORT.zh}`,
  });

const entangled = (): StudioError =>
  refused({
    en: `its subgraphs contain each other, or its links form a circle. ${EXPORT.en}`,
    zh: `它的子图互相包含，或者连线成环。${EXPORT.zh}`,
  });

const tooMany = (): StudioError =>
  refused({
    en: `with its subgraphs it has more than ${MOST_NODES} nodes.`,
    zh: `连同子图，它超过 ${MOST_NODES} 个节点。`,
  });

const refused = (reason: Bilingual): StudioError =>
  new StudioError('invalid_request', { field: 'workflow', data: { reason } });
