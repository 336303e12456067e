/**
 * Every route of the native API, once. The server binds its handlers to this table, the client is typed by it and the
 * OpenAPI document is printed from it. Routes with a `:name` take it from `params`.
 */
import { z } from 'zod';
import type { Allowed } from './caller.ts';
import { EngineHealth, FamilyOffer, ServerCreate, ServerUpdate } from './family.ts';
import { DeletedTasks, DeleteTasks, OutputId, Pictures, StarRequest, StarResult, Zip } from './output.ts';
import { PictureInfo, ResolvePictures } from './picture.ts';
import { ReadRecipeRequest } from './picture-text.ts';
import { Preset, PresetCreate, PresetUpdate } from './preset.ts';
import { CancelledTasks, LaneId, MoveTask, PauseLane, QueueLane, QueuePlace } from './queue.ts';
import { Recipe } from './recipe.ts';
import {
  ControlPreviewRequest,
  EditRequest,
  GenerateRequest,
  RemoveBgRequest,
  TaskRequest,
  UpscaleRequest,
} from './request.ts';
import { frameParams, idParams } from './route-params.ts';
import { CleanupPlan, CleanupRequest, StorageUse } from './storage.ts';
import { Style, StyleCreate, StyleUpdate } from './style.ts';
import { RemoveBgTask, Task, TaskFilter, TaskListItem } from './task.ts';
import { Trainer, Training, TrainingFilter, TrainingRequest } from './training.ts';
import { Upload, UploadFromUrl } from './upload.ts';
import { Workflow, WorkflowCreate, WorkflowList } from './workflow.ts';

const engine = z.object({ id: z.string().max(100) });
const workflow = z.object({ id: z.string().max(100) });
const output = z.object({ id: OutputId });
const nothing = z.null();

export const Health = z.object({
  status: z.enum(['ok', 'stopping']),
  version: z.string(),
  uptime_seconds: z.number(),
  tasks: z.object({ queued: z.number().int(), running: z.number().int() }),
});
export type Health = z.infer<typeof Health>;

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  tag: string;
  summary: string;
  /** Who may call it. */
  allowed: Allowed;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** `multipart` routes take one file in the field `file`. */
  multipart?: boolean;
  /** Status of a success. */
  status: number;
  response: z.ZodType;
}

const route = <const R extends Route>(definition: R): R => definition;

export const routes = {
  generate: route({
    method: 'POST',
    path: '/api/generate',
    tag: 'tasks',
    summary: 'Make a generation task',
    allowed: 'user',
    body: GenerateRequest,
    status: 201,
    response: Task,
  }),
  createTask: route({
    method: 'POST',
    path: '/api/tasks',
    tag: 'tasks',
    summary: 'Make a task of a recipe, whatever its kind',
    allowed: 'user',
    body: TaskRequest,
    status: 201,
    response: Task,
  }),
  edit: route({
    method: 'POST',
    path: '/api/edit',
    tag: 'tasks',
    summary: 'Change a picture by words, with one or several references',
    allowed: 'user',
    body: EditRequest,
    status: 201,
    response: Task,
  }),
  controlPreview: route({
    method: 'POST',
    path: '/api/controlnet/preview',
    tag: 'tasks',
    summary: 'What a ControlNet will see of a picture',
    allowed: 'user',
    body: ControlPreviewRequest,
    status: 201,
    response: Task,
  }),
  removeBg: route({
    method: 'POST',
    path: '/api/remove-bg',
    tag: 'tasks',
    summary: 'Cut a picture out',
    allowed: 'user',
    body: RemoveBgRequest,
    status: 201,
    response: RemoveBgTask,
  }),
  getRemoveBg: route({
    method: 'GET',
    path: '/api/remove-bg/:id',
    tag: 'tasks',
    summary: 'One cut-out task',
    allowed: 'user',
    params: idParams,
    status: 200,
    response: RemoveBgTask,
  }),
  upscale: route({
    method: 'POST',
    path: '/api/upscale',
    tag: 'tasks',
    summary: 'Make a picture larger',
    allowed: 'user',
    body: UpscaleRequest,
    status: 201,
    response: Task,
  }),
  /**
   * Newest first, also a page requested with `after`. The header `x-next-before` carries the `before` of the next page
   * and is absent on the last; for a page requested with `after`, `x-next-after` does the same in the other direction.
   */
  listTasks: route({
    method: 'GET',
    path: '/api/tasks',
    tag: 'tasks',
    summary: 'Tasks of every kind, newest first',
    allowed: 'user',
    query: TaskFilter,
    status: 200,
    response: z.array(TaskListItem),
  }),
  getTask: route({
    method: 'GET',
    path: '/api/tasks/:id',
    tag: 'tasks',
    summary: 'One task with its frames',
    allowed: 'user',
    params: idParams,
    status: 200,
    response: Task,
  }),
  deleteTask: route({
    method: 'DELETE',
    path: '/api/tasks/:id',
    tag: 'tasks',
    summary: 'Delete a task and its files',
    allowed: 'user',
    params: idParams,
    status: 204,
    response: nothing,
  }),
  deleteTasks: route({
    method: 'POST',
    path: '/api/tasks/delete',
    tag: 'tasks',
    summary: 'Delete many tasks and their files',
    allowed: 'user',
    body: DeleteTasks,
    status: 200,
    response: DeletedTasks,
  }),
  listQueue: route({
    method: 'GET',
    path: '/api/queue',
    tag: 'tasks',
    summary: 'Places of waiting tasks, and when they start',
    allowed: 'user',
    status: 200,
    response: z.array(QueuePlace),
  }),
  listLanes: route({
    method: 'GET',
    path: '/api/lanes',
    tag: 'tasks',
    summary: 'What runs and what waits, lane by lane, with measured times',
    allowed: 'user',
    status: 200,
    response: z.array(QueueLane),
  }),
  /** A paused lane begins nothing new; what runs is finished. It stays paused over a restart. */
  pauseLane: route({
    method: 'PATCH',
    path: '/api/lanes/:lane',
    tag: 'tasks',
    summary: 'Pause a lane, or resume it',
    allowed: 'admin',
    params: z.object({ lane: LaneId }),
    body: PauseLane,
    status: 200,
    response: QueueLane,
  }),
  /** A task that passes one of another priority takes the nearest priority that keeps the order. */
  moveInQueue: route({
    method: 'POST',
    path: '/api/queue/move',
    tag: 'tasks',
    summary: 'Put a waiting task before another of its lane',
    allowed: 'admin',
    body: MoveTask,
    status: 200,
    response: QueueLane,
  }),
  cancelQueue: route({
    method: 'POST',
    path: '/api/queue/cancel',
    tag: 'tasks',
    summary: 'Cancel everything of the caller that waits or runs; finished pictures stay',
    allowed: 'user',
    status: 200,
    response: CancelledTasks,
  }),
  starOutputs: route({
    method: 'POST',
    path: '/api/outputs/star',
    tag: 'outputs',
    summary: 'Star pictures, or take their stars away',
    allowed: 'user',
    body: StarRequest,
    status: 200,
    response: StarResult,
  }),
  zipOutputs: route({
    method: 'POST',
    path: '/api/outputs/zip',
    tag: 'outputs',
    summary: 'Pictures as one archive, to be fetched at its address',
    allowed: 'user',
    body: Pictures,
    status: 201,
    response: Zip,
  }),
  /** Deleting the last picture of a task deletes the task. */
  deleteOutput: route({
    method: 'DELETE',
    path: '/api/outputs/:id',
    tag: 'outputs',
    summary: 'Delete one picture; its task keeps the others, and goes with its last',
    allowed: 'user',
    params: output,
    status: 204,
    response: nothing,
  }),
  cancelTask: route({
    method: 'POST',
    path: '/api/tasks/:id/cancel',
    tag: 'tasks',
    summary: 'Cancel a task; finished frames stay',
    allowed: 'user',
    params: idParams,
    status: 200,
    response: Task,
  }),
  cancelFrame: route({
    method: 'POST',
    path: '/api/tasks/:id/frames/:index/cancel',
    tag: 'tasks',
    summary: 'Cancel one frame',
    allowed: 'user',
    params: frameParams,
    status: 200,
    response: Task,
  }),
  retryTask: route({
    method: 'POST',
    path: '/api/tasks/:id/retry',
    tag: 'tasks',
    summary: 'Run again what failed or was cancelled',
    allowed: 'user',
    params: idParams,
    status: 200,
    response: Task,
  }),
  retryFrame: route({
    method: 'POST',
    path: '/api/tasks/:id/frames/:index/retry',
    tag: 'tasks',
    summary: 'Run one failed frame again',
    allowed: 'user',
    params: frameParams,
    status: 200,
    response: Task,
  }),
  readRecipe: route({
    method: 'POST',
    path: '/api/recipes/read',
    tag: 'tasks',
    summary:
      'The recipe in the text that a PNG carries under `limner`, of whichever version; null where there is none',
    allowed: 'user',
    body: ReadRecipeRequest,
    status: 200,
    response: Recipe.nullable(),
  }),
  resolvePictures: route({
    method: 'POST',
    path: '/api/pictures/resolve',
    tag: 'files',
    summary:
      'Which of these pictures are here; each answer in the place of its question, null for what is not here',
    allowed: 'user',
    body: ResolvePictures,
    status: 200,
    response: z.array(PictureInfo.nullable()),
  }),
  upload: route({
    method: 'POST',
    path: '/api/upload',
    tag: 'files',
    summary: 'Give us a picture',
    allowed: 'user',
    multipart: true,
    status: 201,
    response: Upload,
  }),
  uploadFromUrl: route({
    method: 'POST',
    path: '/api/upload/url',
    tag: 'files',
    summary: 'Fetch a picture from a public address',
    allowed: 'user',
    body: UploadFromUrl,
    status: 201,
    response: Upload,
  }),
  listStyles: route({
    method: 'GET',
    path: '/api/styles',
    tag: 'styles',
    summary: 'Styles, the base style first',
    allowed: 'user',
    status: 200,
    response: z.array(Style),
  }),
  getStyle: route({
    method: 'GET',
    path: '/api/styles/:id',
    tag: 'styles',
    summary: 'One style',
    allowed: 'user',
    params: idParams,
    status: 200,
    response: Style,
  }),
  createStyle: route({
    method: 'POST',
    path: '/api/styles',
    tag: 'styles',
    summary: 'Make a style',
    allowed: 'user',
    body: StyleCreate,
    status: 201,
    response: Style,
  }),
  updateStyle: route({
    method: 'PATCH',
    path: '/api/styles/:id',
    tag: 'styles',
    summary: 'Change a style',
    allowed: 'user',
    params: idParams,
    body: StyleUpdate,
    status: 200,
    response: Style,
  }),
  deleteStyle: route({
    method: 'DELETE',
    path: '/api/styles/:id',
    tag: 'styles',
    summary: 'Delete a style; its pictures stay',
    allowed: 'user',
    params: idParams,
    status: 204,
    response: nothing,
  }),
  train: route({
    method: 'POST',
    path: '/api/training',
    tag: 'training',
    summary: 'Train a style from some pictures',
    allowed: 'user',
    body: TrainingRequest,
    status: 201,
    response: Training,
  }),
  /** Newest first. The header `x-next-before` is as for tasks. */
  listTraining: route({
    method: 'GET',
    path: '/api/training',
    tag: 'training',
    summary: 'Training runs, newest first',
    allowed: 'user',
    query: TrainingFilter,
    status: 200,
    response: z.array(Training),
  }),
  getTraining: route({
    method: 'GET',
    path: '/api/training/:id',
    tag: 'training',
    summary: 'One training run with its loss; cancel, retry and delete it as a task',
    allowed: 'user',
    params: idParams,
    status: 200,
    response: Training,
  }),
  listTrainers: route({
    method: 'GET',
    path: '/api/trainers',
    tag: 'training',
    summary: 'What can train a style here, and what it accepts',
    allowed: 'user',
    status: 200,
    response: z.array(Trainer),
  }),
  listPresets: route({
    method: 'GET',
    path: '/api/presets',
    tag: 'presets',
    summary: 'Settings kept under a name, by name',
    allowed: 'user',
    status: 200,
    response: z.array(Preset),
  }),
  createPreset: route({
    method: 'POST',
    path: '/api/presets',
    tag: 'presets',
    summary: 'Keep settings under a name',
    allowed: 'user',
    body: PresetCreate,
    status: 201,
    response: Preset,
  }),
  updatePreset: route({
    method: 'PATCH',
    path: '/api/presets/:id',
    tag: 'presets',
    summary: 'Rename a preset, or replace its settings',
    allowed: 'user',
    params: idParams,
    body: PresetUpdate,
    status: 200,
    response: Preset,
  }),
  deletePreset: route({
    method: 'DELETE',
    path: '/api/presets/:id',
    tag: 'presets',
    summary: 'Delete a preset',
    allowed: 'user',
    params: idParams,
    status: 204,
    response: nothing,
  }),
  storage: route({
    method: 'GET',
    path: '/api/storage',
    tag: 'storage',
    summary: 'What the data folder holds',
    allowed: 'user',
    status: 200,
    response: StorageUse,
  }),
  planCleanup: route({
    method: 'GET',
    path: '/api/storage/cleanup',
    tag: 'storage',
    summary: 'What a clean-up would take',
    allowed: 'admin',
    query: CleanupRequest,
    status: 200,
    response: CleanupPlan,
  }),
  cleanUp: route({
    method: 'POST',
    path: '/api/storage/cleanup',
    tag: 'storage',
    summary: 'Clean up now; answers what was taken',
    allowed: 'admin',
    body: CleanupRequest,
    status: 200,
    response: CleanupPlan,
  }),
  listFamilies: route({
    method: 'GET',
    path: '/api/families',
    tag: 'engines',
    summary: 'What can be made here, and what is missing',
    allowed: 'user',
    status: 200,
    response: z.array(FamilyOffer),
  }),
  listEngines: route({
    method: 'GET',
    path: '/api/engines',
    tag: 'engines',
    summary: 'Engines and their health',
    allowed: 'user',
    status: 200,
    response: z.array(EngineHealth),
  }),
  addEngine: route({
    method: 'POST',
    path: '/api/engines',
    tag: 'engines',
    summary: 'Add a ComfyUI server',
    allowed: 'admin',
    body: ServerCreate,
    status: 201,
    response: EngineHealth,
  }),
  updateEngine: route({
    method: 'PATCH',
    path: '/api/engines/:id',
    tag: 'engines',
    summary: 'Rename, drain, disable or enable a ComfyUI server',
    allowed: 'admin',
    params: engine,
    body: ServerUpdate,
    status: 200,
    response: EngineHealth,
  }),
  removeEngine: route({
    method: 'DELETE',
    path: '/api/engines/:id',
    tag: 'engines',
    summary: 'Remove a ComfyUI server; frames it has are finished',
    allowed: 'admin',
    params: engine,
    status: 204,
    response: nothing,
  }),
  refreshEngine: route({
    method: 'POST',
    path: '/api/engines/:id/refresh',
    tag: 'engines',
    summary: 'Look anew at what a ComfyUI server has',
    allowed: 'admin',
    params: engine,
    status: 200,
    response: EngineHealth,
  }),
  listWorkflows: route({
    method: 'GET',
    path: '/api/workflows',
    tag: 'workflows',
    summary: 'ComfyUI workflows of your own, and examples',
    allowed: 'user',
    status: 200,
    response: WorkflowList,
  }),
  addWorkflow: route({
    method: 'POST',
    path: '/api/workflows',
    tag: 'workflows',
    summary: 'Import a ComfyUI graph in API format; it becomes a family',
    allowed: 'admin',
    body: WorkflowCreate,
    status: 201,
    response: Workflow,
  }),
  removeWorkflow: route({
    method: 'DELETE',
    path: '/api/workflows/:id',
    tag: 'workflows',
    summary: 'Remove a workflow',
    allowed: 'admin',
    params: workflow,
    status: 204,
    response: nothing,
  }),
  health: route({
    method: 'GET',
    path: '/health',
    tag: 'server',
    summary: 'Is the server up',
    allowed: 'anyone',
    status: 200,
    response: Health,
  }),
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
