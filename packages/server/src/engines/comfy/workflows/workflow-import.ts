/** Reads a workflow file: a graph exported from ComfyUI in API format, bare or with a map around it. */
import { Bilingual, MAX_INPUT_KEY_CHARS, StudioError, TaskKind } from '@limner/contract';
import { z } from 'zod';
import { type Graph, isLink } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import { isCanvas } from './canvas/canvas.ts';
import { serverNeeded } from './canvas/canvas-refusals.ts';
import {
  bracedIn,
  canonicalKey,
  isKey,
  isPicture,
  type Target,
  type Workflow,
  type WorkflowMap,
} from './workflow.ts';
import { specOf } from './workflow-form.ts';
import { proposeMap } from './workflow-map.ts';

const ApiGraph = z.record(
  z.string(),
  z.object({
    class_type: z.string().min(1),
    inputs: z.record(z.string(), z.json()),
    _meta: z.object({ title: z.string() }).optional().catch(undefined),
  }),
);
const MapTarget = z.object({ node: z.string(), input: z.string() });
/** The form in which Limner keeps workflows and ships its examples. */
const WorkflowFile = z.strictObject({
  label: Bilingual.optional(),
  kind: TaskKind.exclude(['training']).optional(),
  map: z.record(z.string(), z.union([MapTarget, z.array(MapTarget)])).optional(),
  graph: ApiGraph,
});

const MOST_NODES = 500;
export const MAX_SLUG_CHARS = 40;

/** `name` is the file's, without its extension; it becomes the family's id. Without a server the map is a good guess. */
export function readWorkflow(json: unknown, name: string, info?: ServerInfo): Workflow {
  if (isCanvas(json)) throw serverNeeded();
  const file = parsed(unwrapped(json));
  const graph = withTextLinks(file.graph as Graph);
  checkGraph(graph);
  checkPlaceholders(graph);
  const map = completeMap(graph, file.map, info);
  const workflow = {
    id: `workflow-${slug(name)}`,
    label: file.label ?? { en: name, zh: name },
    kind: file.kind ?? kindOf(map, graph),
    graph,
    map,
  };
  // A workflow whose form cannot be made is refused before it is stored.
  specOf(workflow);
  return workflow;
}

/** The graph in a body of `POST /prompt`, or in the metadata that ComfyUI writes into a picture. */
function unwrapped(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  for (const key of ['prompt', 'output']) {
    const inner = Object.hasOwn(json, key) ? (json as Record<string, unknown>)[key] : undefined;
    if (typeof inner === 'object' && inner !== null && !('class_type' in inner)) return inner;
  }
  return json;
}

/** Some tools write a link's node id as a number, which ComfyUI refuses. */
function withTextLinks(graph: Graph): Graph {
  const isNumbered = (value: unknown): value is [number, number] =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every(Number.isInteger) &&
    Object.hasOwn(graph, String(value[0]));
  return Object.fromEntries(
    Object.entries(graph).map(([id, node]) => {
      const inputs = Object.entries(node.inputs).map(([input, value]) =>
        isNumbered(value) ? [input, [String(value[0]), value[1]]] : [input, value],
      );
      return [id, { ...node, inputs: Object.fromEntries(inputs) }];
    }),
  );
}

function parsed(json: unknown): z.infer<typeof WorkflowFile> {
  const isWrapped =
    typeof json === 'object' && json !== null && 'graph' in json && !('class_type' in Object(json.graph));
  if (isWrapped && 'map' in json) checkMapKeys(json.map);
  const result = WorkflowFile.safeParse(isWrapped ? json : { graph: json });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw refused({
    en: `this is not a ComfyUI graph in API format${where ? `: at ${where}, ${issue?.message}` : ''}.`,
    zh: `这不是 ComfyUI 的 API 格式流程图${where ? `：${where} 处有误` : ''}。`,
  });
}

function checkGraph(graph: Graph): void {
  const count = Object.keys(graph).length;
  if (count === 0) throw refused({ en: 'the graph has no nodes.', zh: '流程图中没有节点。' });
  if (count > MOST_NODES)
    throw refused({
      en: `the graph has more than ${MOST_NODES} nodes.`,
      zh: `流程图超过 ${MOST_NODES} 个节点。`,
    });
  for (const [id, node] of Object.entries(graph)) {
    for (const [input, value] of Object.entries(node.inputs)) {
      if (isLink(value) && !Object.hasOwn(graph, value[0])) {
        throw refused({
          en: `node ${id} (${node.class_type}) takes ${input} from node ${value[0]}, which is not in the file.`,
          zh: `节点 ${id}（${node.class_type}）的 ${input} 连接到不存在的节点 ${value[0]}。`,
        });
      }
    }
  }
}

const KEY_RULE: Bilingual = {
  en: `A key is 1 to ${MAX_INPUT_KEY_CHARS} letters or digits of any script, "_" or "-", with single spaces between words, and not "__proto__".`,
  zh: `键由 1 到 ${MAX_INPUT_KEY_CHARS} 个字符组成：任意文字的字母、数字、“_”或“-”，词之间可有一个空格，且不能是“__proto__”。`,
};

/** What is not a key would reach ComfyUI as text. */
function checkPlaceholders(graph: Graph): void {
  for (const [id, node] of Object.entries(graph))
    for (const [input, value] of Object.entries(node.inputs))
      for (const { text, isNested } of bracedIn(value)) {
        if (!isKey(text))
          throw refused({
            en: `node ${id} (${node.class_type}) has {{${text}}} in ${input}, which is not a placeholder. ${KEY_RULE.en}`,
            zh: `节点 ${id}（${node.class_type}）的 ${input} 中的 {{${text}}} 不是占位符。${KEY_RULE.zh}`,
          });
        if (isNested)
          throw refused({
            en: `node ${id} (${node.class_type}) has the placeholder {{${text}}} in a list or an object of ${input}. A placeholder is filled only where the input itself is a text.`,
            zh: `节点 ${id}（${node.class_type}）的 ${input} 在列表或对象中含有占位符 {{${text}}}。只有输入本身是文本时，占位符才会被替换。`,
          });
      }
}

/** Before the schema, which drops the key `__proto__`. */
function checkMapKeys(map: unknown): void {
  if (typeof map !== 'object' || map === null) return;
  const wrong = Object.keys(map).find((key) => !isKey(key));
  if (wrong !== undefined)
    throw refused({
      en: `the map names "${wrong}", which is not a key. ${KEY_RULE.en}`,
      zh: `映射中的“${wrong}”不是键。${KEY_RULE.zh}`,
    });
}

/** A map in the file takes precedence for its parameters; others are proposed. */
function completeMap(
  graph: Graph,
  given: z.infer<typeof WorkflowFile>['map'],
  info?: ServerInfo,
): WorkflowMap {
  if (!given) return proposeMap(graph, info);
  const targetsOf = new Map<string, Target[]>();
  for (const [key, value] of Object.entries(given)) {
    const targets = [value].flat();
    for (const { node, input } of targets) checkTarget(graph, key, node, input);
    targetsOf.set(canonicalKey(key), targets);
  }
  return Object.fromEntries(targetsOf);
}

function checkTarget(graph: Graph, key: string, node: string, input: string): void {
  const inputs = Object.hasOwn(graph, node) ? graph[node]?.inputs : undefined;
  const value = inputs && Object.hasOwn(inputs, input) ? inputs[input] : undefined;
  if (value !== undefined && !isLink(value)) return;
  const why = !inputs
    ? ['is not in the graph', '不存在']
    : value === undefined
      ? ['has no such input', '没有该输入']
      : ['gets it from a link', '的该输入来自连线'];
  throw refused({
    en: `the map puts "${key}" into ${input} of node ${node}, which ${why[0]}.`,
    zh: `映射把“${key}”写入节点 ${node} 的 ${input}，但该节点${why[1]}。`,
  });
}

/** Without a prompt it processes a picture; with several pictures it is an edit; otherwise a generation. */
function kindOf(map: WorkflowMap, graph: Graph): TaskKind {
  const pictures = Object.keys(map).filter((key) => isPicture(key) && key !== 'mask').length;
  const classes = Object.values(graph).map((node) => node.class_type);
  if (!map.prompt && pictures > 0)
    return classes.some((name) => /upscale/i.test(name)) ? 'upscale' : 'remove_bg';
  return pictures > 1 || classes.includes('ReferenceLatent') ? 'edit' : 'generation';
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_SLUG_CHARS) || 'untitled';

const refused = (reason: Bilingual): StudioError =>
  new StudioError('invalid_request', { field: 'workflow', data: { reason } });
