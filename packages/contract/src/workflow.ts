import { z } from 'zod';
import { ErrorBody } from './error.ts';
import { Bilingual } from './family.ts';
import { MAX_INPUT_KEY_CHARS } from './limits.ts';
import { TaskKind } from './recipe.ts';

/** An input of a node of the graph. */
export const WorkflowTarget = z.object({ node: z.string(), input: z.string() });

/** For each parameter or user placeholder, the inputs that get its value. */
export const WorkflowMap = z.record(
  z.string().max(MAX_INPUT_KEY_CHARS),
  z.union([WorkflowTarget, z.array(WorkflowTarget).min(1)]),
);

/** Of one imported file; what ComfyUI's page saves is many times longer than the graph. */
export const MAX_WORKFLOW_FILE_MB = 8;

/**
 * `POST /api/workflows`: a ComfyUI graph in API format, or what its page saves, which is converted with a connected
 * server. Without a map one is proposed from the graph.
 */
export const WorkflowCreate = z.strictObject({
  name: z.string().trim().min(1).max(60),
  workflow: z.record(z.string(), z.unknown()),
  map: WorkflowMap.optional(),
  /** Replaces the workflow with this name; without it, a taken name is refused. */
  replace: z.boolean().default(false),
});
export type WorkflowCreate = z.infer<typeof WorkflowCreate>;
export type WorkflowInput = z.input<typeof WorkflowCreate>;

/** Maximum per installation, because each is read and sent to every page. */
export const MAX_WORKFLOWS = 200;

/** Of all workflows of an installation together. */
export const MAX_WORKFLOWS_MB = 20;

/** A workflow of a user, or an example of Limner. As a family it is in `GET /api/families` under the same id. */
export const Workflow = z.object({
  id: z.string(),
  label: Bilingual,
  kind: TaskKind,
  /** Examples ship with Limner and cannot be removed. */
  is_example: z.boolean(),
  nodes: z.number().int(),
  map: z.record(z.string(), z.array(WorkflowTarget)),
});
export type Workflow = z.infer<typeof Workflow>;

export const WorkflowList = z.object({
  workflows: z.array(Workflow),
  /** Files of the folder that could not be read, and why. */
  refused: z.array(z.object({ file: z.string(), error: ErrorBody })),
});
export type WorkflowList = z.infer<typeof WorkflowList>;
