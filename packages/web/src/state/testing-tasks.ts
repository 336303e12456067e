/** Tasks, frames and families for tests, with only what a test is about spelled out. */
import {
  type FamilyOffer,
  type Frame,
  type Output,
  outputId,
  type QueueLane,
  type QueuePlace,
  Recipe,
  type SecondsRange,
  type Task,
  type TaskEvent,
} from '@limner/contract';

const MOMENT = '2026-05-04T10:00:00.000Z';

export const frameOf = (index: number, over: Partial<Frame> = {}): Frame => ({
  index,
  status: 'queued',
  seed: index,
  progress: 0,
  tries: 0,
  output: null,
  outputs: over.output ? [over.output] : [],
  preview_url: null,
  error: null,
  started_at: null,
  completed_at: null,
  ...over,
});

export const outputOf = (task: number, frame: number, place = 0): Output => {
  const id = outputId({ task, frame, place });
  const made = { role: 'main', media_type: 'image/png', width: 8, height: 8, duration_ms: null } as const;
  return {
    id,
    url: `/outputs/${id}.png`,
    file_name: `${id}_a-red-dragon.png`,
    place,
    ...made,
    size_bytes: 1,
    provenance: null,
    starred: false,
  };
};

export const taskOf = (over: Partial<Task> = {}): Task => {
  const frames = over.frames ?? [frameOf(0), frameOf(1)];
  return {
    id: 1,
    task_kind: 'generation',
    status: 'queued',
    created_at: MOMENT,
    started_at: null,
    completed_at: null,
    expires_at: null,
    progress: 0,
    output_paths: [],
    finished_frames: 0,
    stars: 0,
    prompt: 'a red dragon',
    family: 'starter',
    style_id: 1,
    total_frames: frames.length,
    error: null,
    version: 1,
    type: 'txt2img',
    negative_prompt: null,
    input_image: null,
    mask_image: null,
    references: [],
    loras: [],
    seed: null,
    batch_size: frames.length,
    controlnet_config: null,
    width: 512,
    height: 512,
    params: {},
    priority: 0,
    source_task_id: null,
    choice: { family: 'starter', engine: 'starter', why: 'best', note: { en: '', zh: '' }, ignored: [] },
    recipe: Recipe.parse({ kind: 'generation', prompt: 'a red dragon' }),
    frames,
    ...over,
  } as Task;
};

export const eventOf = (version: number, over: Partial<TaskEvent> = {}): TaskEvent => ({
  kind: 'generation',
  id: 1,
  status: 'running',
  progress: 0.5,
  current_frame: 0,
  total_frames: 2,
  frame_progress: null,
  output_paths: [],
  finished_frames: 0,
  stars: 0,
  error: null,
  expires_at: null,
  timestamp: '2026-05-04T10:00:05.000Z',
  version,
  frames: [],
  ...over,
});

export const familyOf = (over: Partial<FamilyOffer> = {}): FamilyOffer => ({
  id: 'starter',
  kind: 'generation',
  label: { en: 'Starter', zh: '入门' },
  description: { en: '', zh: '' },
  experimental: false,
  types: ['txt2img'],
  controls: [],
  size: { default: 512, min: 64, max: 1024, step: 8 },
  references: 0,
  loras: false,
  params: [],
  available: true,
  engines: [
    {
      engine: 'starter',
      label: { en: 'Starter', zh: '入门' },
      available: true,
      missing: [],
      lane: 'starter',
      at_once: 1,
    },
  ],
  seconds_per_frame: 2,
  measured: { low: 2, high: 2, work: null, servers: [] },
  ...over,
});

export const waitingOf = (
  task: number,
  place: number,
  starts_within: SecondsRange | null = null,
): QueuePlace => ({
  task,
  place,
  starts_in_seconds: starts_within?.low ?? null,
  starts_within,
  paused: false,
});

export const laneOf = (over: Partial<QueueLane> = {}): QueueLane => ({
  id: 'starter',
  engine: { en: 'Starter', zh: '入门' },
  kinds: ['generation'],
  available: true,
  paused_at: null,
  at_once: 1,
  running: [],
  waiting: [],
  free_within: null,
  ...over,
});
