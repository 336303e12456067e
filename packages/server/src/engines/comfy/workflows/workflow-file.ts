/**
 * The file of a workflow: the graph with its form, texts and examples. Limner keeps workflows in it, ships its examples in it
 * and shares them in it. A bare graph in API format is read too.
 */
import {
  type Bilingual,
  MAX_WORKFLOW_EXAMPLES,
  StudioError,
  WORKFLOW_FORMAT,
  WORKFLOW_FORMAT_VERSION,
  WorkflowNeeds,
  WorkflowUpdate,
} from '@limner/contract';
import { firstIssue, type Issue, pathOf, reasonOf } from '@limner/contract/reasons';
import { z } from 'zod';
import type { Workflow } from './workflow.ts';
import { FileExample, fileExample } from './workflow-examples.ts';
import { refusedWorkflow } from './workflow-refusal.ts';

const ApiGraph = z.record(
  z.string(),
  z.object({
    class_type: z.string().min(1),
    inputs: z.record(z.string(), z.json()),
    _meta: z.object({ title: z.string() }).optional().catch(undefined),
  }),
);
const MapTarget = z.object({ node: z.string(), input: z.string() });

const WorkflowFile = WorkflowUpdate.extend({
  format: z.literal(WORKFLOW_FORMAT).optional(),
  version: z.literal(WORKFLOW_FORMAT_VERSION).optional(),
  /** The family's where the file was made, taken where it is free. */
  id: z
    .string()
    .max(60)
    .regex(/^workflow-[\p{L}\p{N}-]+$/u)
    .optional(),
  /** Files written by hand may have longer ones than a request. */
  label: z.object({ en: z.string(), zh: z.string() }).partial().optional(),
  map: z.record(z.string(), z.union([MapTarget, z.array(MapTarget)])).optional(),
  examples: z.array(FileExample).max(MAX_WORKFLOW_EXAMPLES).optional(),
  needs: WorkflowNeeds.optional(),
  graph: ApiGraph,
});
export type WorkflowFile = z.infer<typeof WorkflowFile>;

/** @throws StudioError `workflow_newer`, or `invalid_request` that names the place */
export function parsedFile(json: unknown): WorkflowFile {
  const isFile =
    isObject(json) &&
    (json.format === WORKFLOW_FORMAT || ('graph' in json && !('class_type' in Object(json.graph))));
  if (isFile && typeof json.version === 'number' && json.version > WORKFLOW_FORMAT_VERSION)
    throw new StudioError('workflow_newer', {
      data: { version: json.version, known: WORKFLOW_FORMAT_VERSION },
      field: 'workflow',
    });
  const result = WorkflowFile.safeParse(isFile ? json : { graph: json }, { reportInput: true });
  if (result.success) return result.data;
  throw refusedWorkflow(unreadable(firstIssue(result.error.issues), isFile));
}

/** Of a bare graph, the place is within the graph. */
function unreadable(issue: Issue, isFile: boolean): Bilingual {
  const reason = reasonOf(issue);
  const where = pathOf(issue)
    .slice(isFile ? 0 : 1)
    .join('.');
  const fault = { en: `${where} ${reason.en}`.trim(), zh: `${where} ${reason.zh}`.trim() };
  if (isFile)
    return {
      en: `this workflow file cannot be read: ${fault.en}.`,
      zh: `无法读取此工作流文件：${fault.zh}。`,
    };
  return {
    en: `this is no workflow of ComfyUI: ${fault.en}. In ComfyUI, save one with Workflow, Save or Export (API).`,
    zh: `这不是 ComfyUI 的工作流：${fault.zh}。请在 ComfyUI 中用“工作流”菜单的“保存”或“导出（API）”保存。`,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As it is kept. */
export const workflowText = (workflow: Workflow): string => `${JSON.stringify(fileOf(workflow), null, 2)}\n`;

/** As it is shared: whether it is turned on belongs to an installation. */
export function sharedText(workflow: Workflow, needs: WorkflowNeeds): string {
  const { enabled: _, ...file } = fileOf({ ...workflow, needs });
  return `${JSON.stringify(file, null, 2)}\n`;
}

const fileOf = ({ examples, needs, enabled, ...workflow }: Workflow) => ({
  format: WORKFLOW_FORMAT,
  version: WORKFLOW_FORMAT_VERSION,
  ...withoutGraph(workflow),
  ...(enabled ? {} : { enabled }),
  examples: examples.map(fileExample),
  ...(needs ? { needs } : {}),
  // Last, because it is long.
  graph: workflow.graph,
});

const withoutGraph = ({ graph: _, ...rest }: Omit<Workflow, 'examples' | 'needs' | 'enabled'>) => rest;
