/** One node of a canvas as a node of a graph. Pure. */
import type { Bilingual } from '@limner/contract';
import { coreSince } from '../../core-nodes.ts';
import type { Graph, GraphInput } from '../../graph.ts';
import type { InputInfo, NodeInfo, ServerInfo } from '../../server-info.ts';
import { isVersion } from '../../version.ts';
import { type CanvasNode, type CanvasSlot, groupName } from './canvas.ts';
import { fieldValues } from './field-values.ts';
import type { Scope } from './scope.ts';

export interface Converted {
  node: Graph[string];
  /** Why it could not be converted; told only if an output needs the node. */
  problems: Bilingual[];
  /** Inputs whose source is muted. */
  muted: string[];
}

export function convertNode(node: CanvasNode, scope: Scope, server: ServerInfo): Converted {
  const info = server.nodes.get(node.type);
  if (!info) return { node: graphNode(node, new Map()), problems: [unknownNode(node)], muted: [] };
  const { values: own, misfits } = fieldValues(node, info);
  const values = new Map(own);
  for (const name of Object.keys(info.inputs)) {
    const value = scope.fieldFromHost(node, name);
    if (value !== undefined) values.set(name, value);
  }
  const inputs = new Map([...values].map(([name, value]): [string, GraphInput] => [name, wrapped(value)]));
  const problems: Bilingual[] = [];
  const muted: string[] = [];
  const linked = new Set<string>();
  for (const slot of node.inputs ?? []) {
    if (slot.link == null) continue;
    const origin = scope.originOf(slot.link, slot.type);
    if (origin === 'muted') muted.push(slot.name);
    if (typeof origin === 'string') continue;
    linked.add(slot.name);
    inputs.set(slot.name, 'value' in origin ? wrapped(origin.value) : [origin.node, origin.slot]);
    if (!isKnownInput(slot, info)) problems.push(unknownInput(slot.name));
  }
  const wrong = misfits.filter((name) => !linked.has(name));
  if (wrong.length > 0) problems.push(misfit(wrong));
  for (const [name, input] of Object.entries(info.inputs)) {
    if (!input.required || inputs.has(name) || muted.includes(name) || isGrowing(input)) continue;
    const value = defaultOf(input);
    if (value === undefined) problems.push(unlinked(name));
    else inputs.set(name, value);
  }
  return { node: graphNode(node, inputs), problems, muted };
}

/** A list would be taken for a link. */
const wrapped = (value: GraphInput): GraphInput => (Array.isArray(value) ? { __value__: value } : value);

const graphNode = ({ type, title }: CanvasNode, inputs: Map<string, GraphInput>): Graph[string] => ({
  class_type: type,
  inputs: Object.fromEntries(inputs),
  ...(title ? { _meta: { title } } : {}),
});

/** Its inputs are called `<name>.<something>`, as many as are linked. */
const isGrowing = ({ type }: InputInfo): boolean =>
  type.startsWith('COMFY_') && !type.startsWith('COMFY_DYNAMICCOMBO') && !type.startsWith('COMFY_MATCHTYPE');

function defaultOf({ type, default: given, choices, min }: InputInfo): GraphInput | undefined {
  if (given !== undefined) return given;
  if (type === 'BOOLEAN') return false;
  if (type === 'INT' || type === 'FLOAT') return min ?? 0;
  if (type === 'STRING') return '';
  return type === 'COMBO' ? choices?.[0] : undefined;
}

/** Nodes of some packs have as many numbered inputs as are linked; the server lists the first. */
function isKnownInput({ name }: CanvasSlot, { inputs }: NodeInfo): boolean {
  if (Object.hasOwn(inputs, name) || Object.hasOwn(inputs, name.split('.')[0] ?? '')) return true;
  const bare = name.replace(/_?\d+$/, '');
  return bare !== name && Object.keys(inputs).some((known) => known.replace(/_?\d+$/, '') === bare);
}

function unknownNode(node: CanvasNode): Bilingual {
  if (groupName(node) !== undefined)
    return {
      en: 'it is a group node. In ComfyUI, right-click it, choose "Convert to nodes", and save again',
      zh: '它是组节点。请在 ComfyUI 中右键点击它，选择“转换为节点”，然后重新保存',
    };
  const since = coreSince(node.type) ?? versionSaved(node);
  if (since !== undefined)
    return {
      en: `it is a node of ComfyUI ${since}, and the server does not have it. Update ComfyUI there to ${since} or newer; if it is, its log says why the node did not load. Then import again`,
      zh: `这是 ComfyUI ${since} 自带的节点，而服务器没有。请将服务器上的 ComfyUI 更新至 ${since} 或更高版本；若已是该版本，其日志会说明节点未加载的原因。然后重新导入`,
    };
  return {
    en: 'the server does not know this node. Install its pack there, then import again',
    zh: '服务器没有此节点。请在服务器上安装其节点包，然后重新导入',
  };
}

/** Of a node of ComfyUI itself: the version that the page ran on when the node was added. */
function versionSaved({ properties }: CanvasNode): string | undefined {
  const { cnr_id: from, ver: version } = properties ?? {};
  return from === 'comfy-core' && typeof version === 'string' && isVersion(version) ? version : undefined;
}

const unknownInput = (name: string): Bilingual => ({
  en: `the server's version of it has no input "${name}"`,
  zh: `服务器上的版本没有输入“${name}”`,
});

const unlinked = (name: string): Bilingual => ({
  en: `nothing is linked to its input "${name}"`,
  zh: `其输入“${name}”没有连线`,
});

const misfit = (names: string[]): Bilingual => ({
  en: `the values of ${names.map((name) => `"${name}"`).join(', ')} do not fit the server's version of it. Open the file in a ComfyUI of that version and save again`,
  zh: `${names.map((name) => `“${name}”`).join('、')} 的值与服务器上的版本不符。请用该版本的 ComfyUI 打开文件并重新保存`,
});
