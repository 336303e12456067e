/**
 * Requests that drawn values hardly ever become: their fields fit each other, and what they name has just been made for
 * them, so that no other request has used it up.
 */
import type { BinPage, Task, Training, Upload } from '@limner/contract';
import type { Api } from './api.ts';

export interface Example {
  /** Of the path. */
  params?: Record<string, string | number>;
  query?: Record<string, string>;
  /** JSON. */
  body?: unknown;
  /** Fields of a form beside its file. */
  form?: Record<string, string>;
  /** Name of the form's file. */
  picture?: string;
}

export type MakeExample = () => Promise<Example>;

const SIZE = { width: 64, height: 64 };
const RECIPE = { kind: 'generation', type: 'txt2img', prompt: 'a red dragon', ...SIZE };
const PAINTED = { prompt: 'a red dragon', ...SIZE };
/** Of a training, whose tasks wait while the others run. */
export const PARKED = 'training';

/** By the operation's name. Those that are not here succeed as they are drawn. */
export function examplesFor(api: Api, picture: Buffer): Record<string, MakeExample> {
  const base64 = picture.toString('base64');
  let names = 0;
  const name = () => `fuzz ${process.pid} ${++names}`;
  const id = async (made: Promise<{ id: number | string }>) => ({ params: { id: (await made).id } });

  const painted = async (batch_size = 1): Promise<Task> =>
    api.ended(await api.post<Task>('/api/generate', { ...PAINTED, batch_size }));
  const grid = async () => {
    const axes = { x: { field: 'seed', values: '1-2' } };
    const made = await api.post<{ id: number; cells: { task_id: number }[] }>('/api/grids', {
      recipe: RECIPE,
      axes,
    });
    for (const { task_id } of made.cells) await api.ended(await api.get<Task>(`/api/tasks/${task_id}`));
    return made;
  };

  /** Each address once. */
  const hook = () => ({ url: `http://hooks.invalid/${encodeURIComponent(name())}` });
  const park = (paused = true) => api.patch(`/api/lanes/${PARKED}`, { paused });
  /** A training that waits. */
  async function training(priority = 0): Promise<Training> {
    await park();
    return api.post<Training>('/api/training', { ...(await trainingBody()), priority });
  }
  async function trainingBody() {
    const [trainer] =
      await api.get<{ images: { min: number }; params: { key: string; min?: number }[] }[]>('/api/trainers');
    const uploads = Array.from({ length: trainer?.images.min ?? 1 }, () => api.upload(picture));
    const images = (await Promise.all(uploads)).map((upload: Upload) => ({ image: upload.id }));
    const steps = trainer?.params.find(({ key }) => key === 'steps')?.min;
    return { style_name: name(), images, params: { steps } };
  }
  async function cancelled(): Promise<number> {
    const { id } = await training();
    await api.post(`/api/tasks/${id}/cancel`);
    return id;
  }
  const workflow = () => ({
    name: name(),
    workflow: {
      1: { class_type: 'LoadImage', inputs: { image: 'a.png' } },
      2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'a' } },
    },
  });

  /** Trained once: it takes a while. */
  let run: Promise<number> | undefined;
  async function trainedOnce(): Promise<number> {
    const { id } = await training(100);
    const task = () => api.get<Task>(`/api/tasks/${id}`);
    await park(false);
    while ((await task()).status === 'queued') await new Promise((resolve) => setTimeout(resolve, 20));
    // The others wait on.
    await park();
    await api.ended(await task());
    return id;
  }
  async function trained(): Promise<Training> {
    run ??= trainedOnce();
    return api.get<Training>(`/api/training/${await run}`);
  }

  const wildcard = async () => {
    const made = { name: name().replaceAll(' ', '_') };
    await api.post('/api/wildcards', { ...made, text: 'a' });
    return made;
  };
  const deleted = async (): Promise<{ id: number }> => {
    const { id } = await painted();
    await api.delete(`/api/tasks/${id}`);
    const { items } = await api.get<BinPage>('/api/bin');
    return items.find(({ task_id }) => task_id === id) ?? { id: 0 };
  };
  const dataset = () => api.post<{ id: number }>('/api/datasets', { name: name() });
  /** A set with one picture. */
  const filled = async () => {
    const { id } = await dataset();
    const images = [{ image: (await api.upload(picture)).id }];
    await api.post(`/api/datasets/${id}/pictures`, { images });
    const { items } = await api.get<{ items: { id: number }[] }>(`/api/datasets/${id}`);
    return { params: { id }, body: { pictures: items.map((each) => each.id) } };
  };
  const generated = async () => ({
    params: { deployment: 'any' },
    body: { prompt: 'a red dragon', size: '64x64' },
  });
  const edited = async () => ({
    params: { deployment: 'any' },
    body: { prompt: 'a red dragon', size: '64x64', images: [base64] },
  });
  const variation = async () => ({ form: { prompt: 'a red dragon', size: '64x64' } });
  return {
    'POST /api/tasks': async () => ({ body: { recipe: RECIPE } }),
    'POST /api/edit': async () => ({ body: { ...PAINTED, images: [(await api.upload(picture)).id] } }),
    'POST /api/grids': async () => ({
      body: { recipe: RECIPE, axes: { x: { field: 'seed', values: '1-2' } } },
    }),
    'GET /api/grids/{id}': () => id(grid()),
    'DELETE /api/grids/{id}': () => id(grid()),
    'GET /api/grids/{id}/sheet': () => id(grid()),
    'POST /api/queue/move': async () => {
      const [before, task] = [(await training()).id, (await training()).id];
      return { body: { task, before } };
    },
    'POST /api/tasks/{id}/cancel': () => id(training()),
    'POST /api/tasks/{id}/frames/{index}/cancel': async () => ({
      params: { id: (await training()).id, index: 0 },
    }),
    'POST /api/tasks/{id}/retry': async () => ({ params: { id: await cancelled() } }),
    'POST /api/tasks/{id}/frames/{index}/retry': async () => ({
      params: { id: await cancelled(), index: 0 },
    }),
    'POST /api/training': async () => {
      await park();
      return { body: await trainingBody() };
    },
    'POST /api/training/estimate': async () => ({ body: { pictures: 8 } }),
    'GET /api/training/{id}': () => id(training()),
    'POST /api/training/{id}/style': async () => {
      const { id, checkpoints } = await trained();
      return { params: { id }, body: { step: checkpoints[0]?.step ?? 0 } };
    },
    'GET /loras/{file}': async () => {
      const { output_lora_path } = await trained();
      return { params: { file: output_lora_path?.split('/').at(-1) ?? '' } };
    },
    'GET /api/tasks/{id}/frames/{index}/preview': async () => ({
      params: { id: (await painted()).id, index: 0 },
    }),
    'GET /api/datasets/{id}': () => id(dataset()),
    'GET /api/datasets/{id}/check': () => id(dataset()),
    'GET /api/datasets/{id}/zip': async () => ({ params: (await filled()).params }),
    'PATCH /api/datasets/{id}': async () => ({ ...(await id(dataset())), body: { name: name() } }),
    'PATCH /api/datasets/{id}/pictures': async () => {
      const { params, body } = await filled();
      return { params, body: { changes: body.pictures.map((each) => ({ id: each, caption: 'a dragon' })) } };
    },
    'POST /api/datasets/{id}/captions': async () => ({
      params: (await filled()).params,
      body: { edit: { kind: 'prefix', text: 'a ' } },
    }),
    'POST /api/datasets/{id}/pictures/remove': filled,
    'POST /api/datasets/{id}/pictures/order': filled,
    'GET /api/task/{task_id}': async () => ({ params: { task_id: (await painted()).id } }),
    'GET /api/task-status/{task_id}': async () => ({ params: { task_id: (await painted()).id } }),
    'GET /api/v1/generation/status/{task_id}': async () => ({ params: { task_id: (await painted()).id } }),
    'GET /api/v1/generation/result/{task_id}': async () => ({ params: { task_id: (await painted()).id } }),
    'GET /outputs/{file}': async () => {
      const { output_paths } = await painted();
      return { params: { file: output_paths[0]?.split('/').at(-1) ?? '' } };
    },
    'DELETE /api/outputs/{id}': async () => {
      const { frames } = await painted();
      return { params: { id: frames[0]?.output?.id ?? '' } };
    },
    'POST /api/remove-bg': async () => ({ body: { input_image: (await api.upload(picture)).id } }),
    'POST /api/animations': async () => ({
      body: { frames: [(await api.upload(picture)).id], format: 'gif' },
    }),
    'POST /api/upscale': async () => ({ body: { input_image: (await api.upload(picture)).id } }),
    'GET /api/tasks/{id}/zip': () => id(painted()),
    'GET /api/bin/{id}/thumbnail': () => id(deleted()),
    'POST /api/wildcards': async () => ({ body: { name: name().replaceAll(' ', '_'), text: 'a' } }),
    'GET /api/wildcards/text': async () => ({ query: await wildcard() }),
    'POST /api/wildcards/rename': async () => ({
      body: { ...(await wildcard()), to: name().replaceAll(' ', '_') },
    }),
    'DELETE /api/wildcards': async () => ({ query: await wildcard() }),
    'POST /api/webhooks/{id}/secret': () => id(api.post('/api/webhooks', hook())),
    'POST /api/webhooks/deliveries/{id}/resend': async () => {
      const { id: webhook } = await api.post<{ id: number }>('/api/webhooks', hook());
      return id(api.post(`/api/webhooks/${webhook}/test`));
    },
    'POST /api/webhooks/{id}/test': () => id(api.post('/api/webhooks', hook())),
    'GET /api/webhooks/{id}/deliveries': () => id(api.post('/api/webhooks', hook())),
    'POST /api/webhooks': async () => ({ body: hook() }),
    'POST /api/outputs/zip': async () => ({ body: { tasks: [(await painted()).id] } }),
    'GET /api/outputs/zip/{id}': async () => {
      const { url } = await api.post<{ url: string }>('/api/outputs/zip', { tasks: [(await painted()).id] });
      return { params: { id: url.split('/').at(-1) ?? '' } };
    },
    'POST /api/engines/{id}/refresh': async () => {
      const [engine] = await api.get<{ id: string }[]>('/api/engines');
      return { params: { id: engine?.id ?? '' } };
    },
    'GET /uploads/{file}': async () => ({
      params: { file: (await api.upload(picture)).url.split('/').at(-1) ?? '' },
    }),
    'GET /api/styles/{id}/servers': async () => ({ params: { id: (await trained()).style_id ?? 0 } }),
    'POST /api/styles/{id}/servers': async () => ({ params: { id: (await trained()).style_id ?? 0 } }),
    'POST /api/workflows': async () => ({ body: workflow() }),
    'POST /api/workflows/preview': async () => ({ body: workflow() }),
    'GET /api/workflows/{id}': () => id(api.post<{ id: string }>('/api/workflows', workflow())),
    'GET /api/workflows/{id}/file': () => id(api.post<{ id: string }>('/api/workflows', workflow())),
    'GET /api/workflows/{id}/examples/{picture}': async () => {
      const { id: workflowId } = await api.post<{ id: string }>('/api/workflows', workflow());
      const examples = [{ prompt: 'a red dragon', image: (await api.upload(picture)).id }];
      const changed = await api.patch<{ examples: { thumbnail_url: string }[] }>(
        `/api/workflows/${workflowId}`,
        {
          examples,
        },
      );
      const kept = changed.examples[0]?.thumbnail_url.split('/').at(-1) ?? '';
      return { params: { id: workflowId, picture: kept } };
    },
    'PATCH /api/workflows/{id}': async () => ({
      ...(await id(api.post<{ id: string }>('/api/workflows', workflow()))),
      body: { licence: 'MIT', enabled: true },
    }),
    'DELETE /api/workflows/{id}': () => id(api.post<{ id: string }>('/api/workflows', workflow())),
    'POST /sdapi/v1/txt2img': async () => ({ body: { ...PAINTED, sampler_name: 'Euler', steps: 4 } }),
    'POST /sdapi/v1/img2img': async () => ({ body: { ...PAINTED, init_images: [base64], steps: 4 } }),
    'POST /controlnet/detect': async () => ({
      body: { controlnet_module: 'canny', controlnet_input_images: [base64] },
    }),
    'POST /generate-image': async () => ({
      form: { description: 'a red dragon', size: '64x64' },
      picture: 'referenceImage',
    }),
    'POST /v1/images/edits': edited,
    'POST /images/edits': edited,
    'POST /openai/images/edits': edited,
    'POST /openai/deployments/{deployment}/images/generations': generated,
    'POST /openai/deployments/{deployment}/images/edits': edited,
    'POST /v1/images/variations': variation,
    'POST /images/variations': variation,
  };
}

/** Operations that cannot succeed on one computer alone, and why. */
const OUT_OF_REACH: Record<string, string> = {
  'POST /api/upload/url': 'fetches from public addresses only',
  'POST /api/video': 'nothing here films',
  'GET /api/outputs/{id}/layers/{format}': 'nothing here paints in layers',
  'POST /api/outputs/{id}/layers/arranged': 'nothing here paints in layers',
  'POST /api/models/downloads': 'no ComfyUI server is there',
  'DELETE /api/models/downloads/{id}': 'no ComfyUI server is there',
  'POST /api/models/packs': 'no ComfyUI server is there',
  'POST /sdapi/v1/interrogate': 'no model that describes pictures is configured',
  'POST /api/datasets/{id}/captions/write': 'no model that describes pictures is configured',
  'POST /api/datasets/{id}/folder': 'the data folder has no pictures for data sets',
  'GET /api/datasets/{id}/works/{work}': 'forms have no archive, which would be read in the background',
  'POST /api/datasets/{id}/works/{work}/cancel':
    'forms have no archive, which would be read in the background',
  'GET /api/training/{id}/log': 'the built-in trainer writes no log',
  'POST /api/styles/lora': 'forms have a picture and no LoRA',
};

/** Those that cannot with the engines of the test. */
export const WITHOUT_BUILT_IN: Record<string, string> = {
  ...OUT_OF_REACH,
  'POST /api/animations': 'nothing here makes animations',
};

/** Those that cannot with the built-in engines. */
export const WITHOUT_COMFYUI: Record<string, string> = {
  ...OUT_OF_REACH,
  'POST /api/edit': 'no built-in engine edits',
};
