/** Reads a workflow: a graph exported from ComfyUI in API format, bare or in a file of Limner; and changes one. */
import { type Bilingual, MAX_INPUT_KEY_CHARS, type TaskKind, type WorkflowUpdate } from '@limner/contract';
import { type Graph, isLink } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import { isCanvas } from './canvas/canvas.ts';
import { serverNeeded } from './canvas/canvas-refusals.ts';
import {
  bothOf,
  bracedIn,
  canonicalKey,
  isKey,
  isPicture,
  type Target,
  type Workflow,
  type WorkflowMap,
} from './workflow.ts';
import { type Example, exampleOf } from './workflow-examples.ts';
import { parsedFile } from './workflow-file.ts';
import { parameterKeys, specOf } from './workflow-form.ts';
import { proposeMap } from './workflow-map.ts';
import { refusedWorkflow } from './workflow-refusal.ts';
import { makesVideo } from './workflow-video.ts';

const MOST_NODES = 500;
export const MAX_SLUG_CHARS = 40;

/**
 * Without a server the map is a good guess.
 * @param name of the file without its extension, or as the user calls it; the label of a file that has none
 */
export function readWorkflow(json: unknown, name: string, info?: ServerInfo): Workflow {
  if (isCanvas(json)) throw serverNeeded();
  const given = unwrapped(json);
  if (typeof given === 'object' && given !== null && 'map' in given) checkMapKeys(given.map);
  const file = parsedFile(given);
  const graph = withTextLinks(file.graph as Graph);
  checkGraph(graph);
  checkPlaceholders(graph);
  const map = file.map ? checkedMap(graph, file.map) : proposeMap(graph, info);
  const label = bothOf(file.label) ?? { en: name, zh: name };
  return checkedWorkflow({
    id: file.id ?? idFor(file.label ? label.en : name),
    label,
    description: bothOf(file.description),
    licence: file.licence || null,
    kind: file.kind ?? kindOf(map, graph),
    graph,
    map,
    params: file.params ?? {},
    examples: (file.examples ?? []).map(exampleOf),
    enabled: file.enabled ?? true,
    needs: file.needs ?? null,
  });
}

/** A workflow whose form cannot be made is refused before it is stored. */
export function checkedWorkflow(workflow: Workflow): Workflow {
  checkParams(workflow);
  specOf(workflow);
  return workflow;
}

export type WorkflowChange = Omit<WorkflowUpdate, 'examples'> & { examples?: readonly Example[] };

/** The workflow with the fields that are given. @throws StudioError for what does not fit its graph */
export const changedWorkflow = (
  workflow: Workflow,
  { label, description, licence, map, ...rest }: WorkflowChange,
): Workflow =>
  checkedWorkflow({
    ...workflow,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(label ? { label: bothOf(label) ?? workflow.label } : {}),
    ...(description === undefined ? {} : { description: bothOf(description) }),
    ...(licence === undefined ? {} : { licence: licence || null }),
    ...(map ? { map: checkedMap(workflow.graph, map, 'map') } : {}),
  });

export const idFor = (name: string): string => `workflow-${slug(name)}`;

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

function checkGraph(graph: Graph): void {
  const count = Object.keys(graph).length;
  if (count === 0) throw refusedWorkflow({ en: 'the graph has no nodes.', zh: '流程图中没有节点。' });
  if (count > MOST_NODES)
    throw refusedWorkflow({
      en: `the graph has more than ${MOST_NODES} nodes.`,
      zh: `流程图超过 ${MOST_NODES} 个节点。`,
    });
  for (const [id, node] of Object.entries(graph)) {
    for (const [input, value] of Object.entries(node.inputs)) {
      if (isLink(value) && !Object.hasOwn(graph, value[0])) {
        throw refusedWorkflow({
          en: `node ${id} (${node.class_type}) takes ${input} from node ${value[0]}, which is not in the file.`,
          zh: `节点 ${id}（${node.class_type}）的 ${input} 连接到不存在的节点 ${value[0]}。`,
        });
      }
    }
  }
  const circle = circleIn(graph);
  if (circle)
    throw refusedWorkflow({
      en: `its nodes wait for each other in a circle: ${circle.join(' → ')}.`,
      zh: `节点互相等待，形成循环：${circle.join(' → ')}。`,
    });
}

/** Ids of nodes each of which takes something from the next, up to the first again. ComfyUI runs none of them. */
function circleIn(graph: Graph): string[] | null {
  const done = new Set<string>();
  const from = (id: string, path: readonly string[]): string[] | null => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return null;
    for (const value of Object.values(graph[id]?.inputs ?? {})) {
      const found = isLink(value) ? from(value[0], [...path, id]) : null;
      if (found) return found;
    }
    done.add(id);
    return null;
  };
  for (const id of Object.keys(graph)) {
    const found = from(id, []);
    if (found) return found;
  }
  return null;
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
          throw refusedWorkflow({
            en: `node ${id} (${node.class_type}) has {{${text}}} in ${input}, which is not a placeholder. ${KEY_RULE.en}`,
            zh: `节点 ${id}（${node.class_type}）的 ${input} 中的 {{${text}}} 不是占位符。${KEY_RULE.zh}`,
          });
        if (isNested)
          throw refusedWorkflow({
            en: `node ${id} (${node.class_type}) has the placeholder {{${text}}} in a list or an object of ${input}. A placeholder is filled only where the input itself is a text.`,
            zh: `节点 ${id}（${node.class_type}）的 ${input} 在列表或对象中含有占位符 {{${text}}}。只有输入本身是文本时，占位符才会被替换。`,
          });
      }
}

/** Before the schema, which drops the key `__proto__`. */
function checkMapKeys(map: unknown, field = 'workflow'): void {
  if (typeof map !== 'object' || map === null) return;
  const wrong = Object.keys(map).find((key) => !isKey(key));
  if (wrong !== undefined)
    throw refusedWorkflow(
      {
        en: `the map names "${wrong}", which is not a key. ${KEY_RULE.en}`,
        zh: `映射中的“${wrong}”不是键。${KEY_RULE.zh}`,
      },
      field,
    );
}

/** Of a map that a user wrote; other parameters stay as they are in the graph. */
function checkedMap(
  graph: Graph,
  given: Record<string, Target | Target[]>,
  field: 'workflow' | 'map' = 'workflow',
): WorkflowMap {
  checkMapKeys(given, field);
  const targetsOf = new Map<string, Target[]>();
  for (const [key, value] of Object.entries(given)) {
    const targets = [value].flat();
    for (const { node, input } of targets) checkTarget(graph, key, { node, input }, field);
    targetsOf.set(canonicalKey(key), targets);
  }
  return Object.fromEntries(targetsOf);
}

/** Keys that the form has not, ranges without values, and defaults outside of them. */
function checkParams(workflow: Workflow): void {
  const keys = parameterKeys(workflow);
  for (const [key, { default: value, min = -Infinity, max = Infinity }] of Object.entries(workflow.params)) {
    if (!keys.includes(key))
      throw refusedWorkflow(
        { en: `the map has no "${key}", so it cannot be set.`, zh: `映射中没有“${key}”，因此无法设置。` },
        'params',
      );
    if (min > max || (typeof value === 'number' && (value < min || value > max)))
      throw refusedWorkflow(
        {
          en: `the default and the range of "${key}" do not fit each other.`,
          zh: `“${key}”的默认值与取值范围不符。`,
        },
        'params',
      );
  }
}

function checkTarget(graph: Graph, key: string, { node, input }: Target, field: string): void {
  const inputs = Object.hasOwn(graph, node) ? graph[node]?.inputs : undefined;
  const value = inputs && Object.hasOwn(inputs, input) ? inputs[input] : undefined;
  if (value !== undefined && !isLink(value)) return;
  const why = !inputs
    ? ['is not in the graph', '不存在']
    : value === undefined
      ? ['has no such input', '没有该输入']
      : ['gets it from a link', '的该输入来自连线'];
  throw refusedWorkflow(
    {
      en: `the map puts "${key}" into ${input} of node ${node}, which ${why[0]}.`,
      zh: `映射把“${key}”写入节点 ${node} 的 ${input}，但该节点${why[1]}。`,
    },
    field,
  );
}

/** Nodes that enlarge, and nodes that cut out: core nodes and those of the usual packs. */
const ENLARGES = /upscale/i;
const CUTS_OUT =
  /rem(ove)?_?b(ack)?g(round)?|rmbg|backgroundremov|birefnet|inspyrenet|matt(e|ing)|cut_?out|joinimagewithalpha/i;

/**
 * Of what it saves. A workflow that takes one picture and no words enlarges it, cuts it out, or changes it in another way, as
 * depth, a filter or a crop do: that is a picture made from a picture. With several pictures it is an edit.
 */
function kindOf(map: WorkflowMap, graph: Graph): TaskKind {
  if (makesVideo(graph)) return 'video';
  const pictures = Object.keys(map).filter((key) => isPicture(key) && key !== 'mask').length;
  const classes = Object.values(graph).map((node) => node.class_type);
  const has = (nodes: RegExp) => classes.some((name) => nodes.test(name));
  if (!map.prompt && pictures === 1 && has(ENLARGES)) return 'upscale';
  if (!map.prompt && pictures === 1 && has(CUTS_OUT)) return 'remove_bg';
  return pictures > 1 || classes.includes('ReferenceLatent') ? 'edit' : 'generation';
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_SLUG_CHARS)
    .replace(/-$/, '') || 'untitled';
