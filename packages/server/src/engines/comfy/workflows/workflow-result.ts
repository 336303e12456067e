/** Whether a run of a workflow leaves something to fetch. Pure. */
import type { Missing } from '@limner/contract';
import type { Graph } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import { refusedWorkflow } from './workflow-refusal.ts';

/** @throws StudioError where a server knows every node and none of them leaves a result */
export function refuseWithoutResult(graph: Graph, servers: readonly ServerInfo[]): void {
  const [missing] = servers.flatMap((info) => missingResult(graph, info));
  if (missing) throw refusedWorkflow(missing.cure);
}

/** Refuses, before the run, a workflow whose result cannot be fetched. */
export function missingResult(graph: Graph, info: ServerInfo): Missing[] {
  const nodes = Object.values(graph);
  // An unknown node may be the one that saves; it is reported as missing already.
  if (nodes.some(({ class_type }) => !info.nodes.has(class_type))) return [];
  const outputs = nodes.filter(({ class_type }) => info.nodes.get(class_type)?.isOutput);
  return outputs.some(({ class_type }) => !LEAVES_NO_FILE.has(class_type)) ? [] : [noSavingNode];
}

/** Nodes that send pictures over the socket, or show a text. */
const LEAVES_NO_FILE: ReadonlySet<string> = new Set(['SaveImageWebsocket', 'PreviewAny']);

const noSavingNode: Missing = {
  what: 'node',
  name: 'SaveImage',
  cure: {
    en: 'This workflow saves no file, so there would be no result. Add a Save Image node to it in ComfyUI and import it again.',
    zh: '该工作流不保存文件，因此不会有结果。请在 ComfyUI 中为其添加“保存图像”节点，然后重新导入。',
  },
};
