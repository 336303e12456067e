/**
 * Converts what ComfyUI's page saves to the graph that its server takes, as the page itself does before a run: muted
 * nodes and what needs them are left out, bypassed ones are passed through, subgraphs are unfolded. Pure.
 */
import type { Bilingual } from '@limner/contract';
import { type Graph, isLink } from '../../graph.ts';
import type { ServerInfo } from '../../server-info.ts';
import { savingOnce, withEnds } from './blueprint.ts';
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
import {
  damaged,
  entangled,
  MOST_NODES,
  notConverted,
  nothingLeft,
  serverNeeded,
  tooMany,
} from './canvas-refusals.ts';
import { fieldValues } from './field-values.ts';
import { unfoldGroups } from './group-nodes.ts';
import { Scope } from './scope.ts';

/** Nodes and links of all unfolded subgraphs together, also of those that hold no nodes that run. */
const MOST_UNFOLDED = 200_000;

/** By the server that can convert most of it. @throws StudioError that names each node that could not be converted */
export function convertCanvas(json: unknown, servers: readonly ServerInfo[]): Graph {
  const parsed = parsedCanvas(json);
  if (!parsed?.success) throw damaged(parsed?.error.issues[0]?.path.join('.') ?? '');
  if (servers.length === 0) throw serverNeeded();
  const canvas = withEnds(parsed.data);
  const tries = servers.map((server) => tryOn(canvas, server));
  const [best] = tries.sort((a, b) => a.problems.length - b.problems.length);
  if (!best || best.problems.length > 0) throw notConverted(best?.problems ?? []);
  return canvas === parsed.data ? best.graph : savingOnce(best.graph);
}

/** Null: nested too deep. */
function parsedCanvas(json: unknown): ReturnType<typeof Canvas.safeParse> | null {
  try {
    return Canvas.safeParse(json);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
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
  const { level, definitions } = unfoldGroups(canvas);
  const fieldsOf = (node: CanvasNode) => {
    const info = server.nodes.get(node.type);
    return info ? fieldValues(node, info).values : new Map();
  };
  const found = new Map<string, Found>();
  try {
    collect(new Scope(level, { definitions, fieldsOf, left: MOST_UNFOLDED }), server, found);
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
