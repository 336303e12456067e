/**
 * Requests every route that reads or writes rows as a caller who owns none: each refuses, or answers as a studio
 * does that is empty, and changes nothing. A route that is new has no place in the table and does not compile.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type byteRoutes, createClient, OWNER, type RouteName, StudioError } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createServer } from '../src/http/server.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

/** What they answer is of the installation, or of the request alone. */
const OF_NO_ROWS = [
  'readRecipe',
  'uploadFromUrl',
  'listTrainers',
  'estimateTraining',
  'settings',
  'updateSettings',
  'planCleanup',
  'cleanUp',
  'repair',
  'repairState',
  'listFamilies',
  'listEngines',
  'addEngine',
  'updateEngine',
  'removeEngine',
  'refreshEngine',
  'listModels',
  'listModelDownloads',
  'downloadModel',
  'listPacks',
  'installPack',
  'forgetModelDownload',
  'listWorkflows',
  'getCaptioner',
  'addWorkflow',
  'previewWorkflow',
  'getWorkflow',
  'updateWorkflow',
  'workflowFile',
  'workflowPicture',
  'removeWorkflow',
  'health',
  'notices',
] as const;
type Scoped = Exclude<RouteName | keyof typeof byteRoutes, (typeof OF_NO_ROWS)[number]>;

type Client = ReturnType<typeof createClient>;
interface Asking {
  client: Client;
  /** The status of a file. */
  file(path: string): Promise<number>;
}

let studio: TestStudio;
let app: FastifyInstance;
let url: string;
/** What the owner has. */
let has: {
  done: number;
  running: number;
  waiting: number;
  upload: string;
  style: number;
  preset: number;
  grid: number;
  dataset: number;
  datasetPicture: number;
  work: number;
  zip: string;
  training: number;
  /** Item of the bin. */
  binned: number;
};

const headers = (account: string) => ({ 'x-account': account });
const asking = (account: string): Asking => ({
  client: createClient({
    baseUrl: url,
    fetch: (input, init) => fetch(input, { ...init, headers: { ...init?.headers, ...headers(account) } }),
  }),
  file: async (path) => (await fetch(url + path, { headers: headers(account) })).status,
});
const picture = () => new Blob([new Uint8Array(tinyPng)], { type: 'image/png' });
const trainingOf = (style_name: string, image: string) => ({ style_name, images: [{ image }, { image }] });
const settings = {
  mode: 'txt2img' as const,
  negative: '',
  family: null,
  seed: null,
  count: 1,
  ratio: '1:1' as const,
  long_side: null,
  free: { width: 512, height: 512 },
  params: {},
  loras: [],
  control: { enabled: false, type: 'canny' as const, strength: 1, start: 0, end: 1 },
};

const grid = {
  recipe: { kind: 'generation' as const, prompt: 'a dragon', family: 'scripted' },
  axes: { x: { field: 'seed', values: '1-2' } },
};

beforeAll(async () => {
  const engine = new ScriptedEngine(({ prompt }, { preview, signal }) => {
    if (prompt !== 'slow') return tinyPng;
    preview(tinyPng, 'image/png');
    return untilAborted(signal);
  });
  studio = await startStudio({
    engines: [engine],
    trainers: [new ScriptedTrainer()],
    environ: { MAX_CONCURRENT_TASKS: '1' },
  });
  app = await createServer(studio.studio, {
    identify: async ({ headers }) => (headers['x-account'] === 'ann' ? { id: 'ann', role: 'user' } : OWNER),
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { client } = asking('owner');
  const make = async (prompt: string) =>
    (await client.call('generate', { body: { prompt, family: 'scripted' } })).id;
  const done = await make('a red dragon');
  await studio.ended(done);
  const upload = (await client.call('upload', { file: picture(), fileName: 'a.png' })).id;
  const training = (await client.call('train', { body: trainingOf('Pen', upload) })).id;
  await studio.ended(training);
  const gone = await make('a blue dragon');
  await studio.ended(gone);
  await client.call('deleteTask', { params: { id: gone } });
  const [item] = (await client.call('listBin', {})).items;
  const running = await make('slow');
  await client.call('putWildcard', { body: { name: 'animal', text: 'fox' } });
  const { id: dataset } = await client.call('createDataset', { body: { name: 'Cats' } });
  const added = await client.call('addDatasetPictures', {
    params: { id: dataset },
    body: { images: [{ image: upload }] },
  });
  await mkdir(path.join(studio.dataDir, 'datasets', 'cats'), { recursive: true });
  const work = await client.call('addDatasetFolder', { params: { id: dataset }, body: { folder: 'cats' } });
  has = {
    dataset,
    work: work.id ?? 0,
    datasetPicture: added.files[0]?.picture ?? 0,
    binned: item?.id ?? 0,
    upload,
    training,
    done,
    running,
    waiting: await make('slow'),
    style: (await client.call('createStyle', { body: { name: 'Ink', type: 'ui' } })).id,
    preset: (await client.call('createPreset', { body: { name: 'Mine', settings } })).id,
    grid: (await client.call('createGrid', { body: grid })).id,
    zip: (await client.call('zipOutputs', { body: { tasks: [done] } })).id,
  };
  const isShown = async () => (await asking('owner').file(`/api/tasks/${running}/frames/0/preview`)) === 200;
  await vi.waitUntil(isShown, { timeout: 20_000, interval: 50 });
});
afterAll(async () => {
  await app.close();
  await studio.close();
});

/** What each route says to a stranger: an answer, or the code of a refusal. The owner is asked the same afterwards. */
const TO_A_STRANGER: Record<Scoped, [ask: (asking: Asking) => Promise<unknown>, answer: unknown]> = {
  listDatasets: [({ client }) => client.call('listDatasets', {}), []],
  createDataset: [({ client }) => client.call('createDataset', { body: { name: 'Dogs' } }), 'not_allowed'],
  getDataset: [
    ({ client }) => client.call('getDataset', { params: { id: has.dataset } }),
    'dataset_not_found',
  ],
  updateDataset: [
    ({ client }) =>
      client.call('updateDataset', { params: { id: has.dataset }, body: { ground: '#ffffff' } }),
    'dataset_not_found',
  ],
  addDatasetPictures: [
    ({ client }) =>
      client.call('addDatasetPictures', {
        params: { id: has.dataset },
        body: { images: [{ image: has.upload }] },
      }),
    'dataset_not_found',
  ],
  addDatasetFile: [
    ({ client }) =>
      client.call('addDatasetFile', { params: { id: has.dataset }, file: picture(), fileName: 'b.png' }),
    'dataset_not_found',
  ],
  listDatasetFolders: [({ client }) => client.call('listDatasetFolders', {}), 'not_allowed'],
  addDatasetFolder: [
    ({ client }) =>
      client.call('addDatasetFolder', { params: { id: has.dataset }, body: { folder: 'cats' } }),
    'dataset_not_found',
  ],
  getDatasetWork: [
    ({ client }) => client.call('getDatasetWork', { params: { id: has.dataset, work: has.work } }),
    'dataset_work_not_found',
  ],
  cancelDatasetWork: [
    ({ client }) => client.call('cancelDatasetWork', { params: { id: has.dataset, work: has.work } }),
    'dataset_work_not_found',
  ],
  changeDatasetPictures: [
    ({ client }) =>
      client.call('changeDatasetPictures', {
        params: { id: has.dataset },
        body: { changes: [{ id: has.datasetPicture, caption: 'a cat' }] },
      }),
    'dataset_not_found',
  ],
  orderDatasetPictures: [
    ({ client }) =>
      client.call('orderDatasetPictures', {
        params: { id: has.dataset },
        body: { pictures: [has.datasetPicture] },
      }),
    'dataset_not_found',
  ],
  editDatasetCaptions: [
    ({ client }) =>
      client.call('editDatasetCaptions', {
        params: { id: has.dataset },
        body: { edit: { kind: 'prefix', text: 'a ' } },
      }),
    'dataset_not_found',
  ],
  checkDataset: [
    ({ client }) => client.call('checkDataset', { params: { id: has.dataset } }),
    'dataset_not_found',
  ],
  writeDatasetCaptions: [
    ({ client }) => client.call('writeDatasetCaptions', { params: { id: has.dataset }, body: {} }),
    'dataset_not_found',
  ],
  datasetZip: [({ file }) => file(`/api/datasets/${has.dataset}/zip`), 404],
  removeDatasetPictures: [
    ({ client }) =>
      client.call('removeDatasetPictures', {
        params: { id: has.dataset },
        body: { pictures: [has.datasetPicture] },
      }),
    'dataset_not_found',
  ],
  deleteDataset: [
    ({ client }) => client.call('deleteDataset', { params: { id: has.dataset } }),
    'dataset_not_found',
  ],
  generate: [
    ({ client }) => client.call('generate', { body: { prompt: 'a', family: 'scripted' } }),
    'not_allowed',
  ],
  createTask: [
    ({ client }) =>
      client.call('createTask', {
        body: { recipe: { kind: 'generation', prompt: 'a', style: { id: has.style } } },
      }),
    'style_not_found',
  ],
  edit: [
    ({ client }) => client.call('edit', { body: { prompt: 'a', images: [`${has.done}_0`] } }),
    'image_not_found',
  ],
  video: [
    ({ client }) => client.call('video', { body: { prompt: 'a', start_image: `${has.done}_0` } }),
    'image_not_found',
  ],
  controlPreview: [
    ({ client }) => client.call('controlPreview', { body: { image: has.upload, type: 'canny' } }),
    'image_not_found',
  ],
  removeBg: [
    ({ client }) => client.call('removeBg', { body: { input_image: has.upload } }),
    'image_not_found',
  ],
  animate: [
    ({ client }) => client.call('animate', { body: { frames: [`${has.done}_0`], format: 'gif' } }),
    'image_not_found',
  ],
  upscale: [
    ({ client }) => client.call('upscale', { body: { input_image: `/outputs/${has.done}_0.png` } }),
    'image_not_found',
  ],
  getRemoveBg: [({ client }) => client.call('getRemoveBg', { params: { id: has.done } }), 'task_not_found'],
  getTask: [({ client }) => client.call('getTask', { params: { id: has.done } }), 'task_not_found'],
  listTasks: [({ client }) => client.call('listTasks', {}), []],
  listQueue: [({ client }) => client.call('listQueue', {}), []],
  listLanes: [
    async ({ client }) =>
      (await client.call('listLanes', {})).flatMap(({ running, waiting }) => [...running, ...waiting]),
    [],
  ],
  pauseLane: [
    ({ client }) => client.call('pauseLane', { params: { lane: 'scripted' }, body: { paused: false } }),
    'not_allowed',
  ],
  moveInQueue: [
    ({ client }) => client.call('moveInQueue', { body: { task: has.waiting, before: null } }),
    'not_allowed',
  ],
  train: [({ client }) => client.call('train', { body: trainingOf('Oil', has.upload) }), 'image_not_found'],
  lora: [({ file }) => file(`/loras/trained-${has.training}.safetensors`), 404],
  listTraining: [({ client }) => client.call('listTraining', {}), []],
  chooseCheckpoint: [
    ({ client }) => client.call('chooseCheckpoint', { params: { id: has.training }, body: { step: 1 } }),
    'task_not_found',
  ],
  getTraining: [
    ({ client }) => client.call('getTraining', { params: { id: has.training } }),
    'task_not_found',
  ],
  trainingLog: [({ file }) => file(`/api/training/${has.training}/log`), 404],
  framePreview: [({ file }) => file(`/api/tasks/${has.running}/frames/0/preview`), 404],
  output: [({ file }) => file(`/outputs/${has.done}_0.png`), 404],
  uploaded: [({ file }) => file(`/uploads/${has.upload}.png`), 404],
  taskZip: [({ file }) => file(`/api/tasks/${has.done}/zip`), 422],
  offeredZip: [({ file }) => file(`/api/outputs/zip/${has.zip}`), 404],
  zipOutputs: [
    ({ client }) => client.call('zipOutputs', { body: { outputs: [`${has.done}_0`] } }),
    'zip_empty',
  ],
  layers: [({ file }) => file(`/api/outputs/${has.done}_0/layers/psd`), 404],
  arrangeLayers: [
    ({ client }) =>
      client.call('arrangeLayers', { params: { id: `${has.done}_0` }, body: { layers: [{ place: 1 }] } }),
    'image_not_found',
  ],
  missingForRecipe: [
    ({ client }) =>
      client.call('missingForRecipe', {
        body: { recipe: { kind: 'generation', prompt: 'x', style: { id: has.style } } },
      }),
    'style_not_found',
  ],
  resolvePictures: [
    ({ client }) => client.call('resolvePictures', { body: { refs: [has.upload, `${has.done}_0`] } }),
    [null, null],
  ],
  upload: [({ client }) => client.call('upload', { file: picture(), fileName: 'b.png' }), 'not_allowed'],
  storage: [({ client }) => client.call('storage', {}), 'not_allowed'],
  status: [({ client }) => client.call('status', {}), 'not_allowed'],
  listStyles: [({ client }) => client.call('listStyles', {}), []],
  getStyle: [({ client }) => client.call('getStyle', { params: { id: has.style } }), 'style_not_found'],
  createStyle: [
    ({ client }) => client.call('createStyle', { body: { name: 'B', type: 'ui' } }),
    'not_allowed',
  ],
  createLoraStyle: [
    ({ client }) => client.call('createLoraStyle', { query: {}, file: picture(), fileName: 'b.safetensors' }),
    'not_allowed',
  ],
  styleServers: [
    ({ client }) => client.call('styleServers', { params: { id: has.style } }),
    'style_not_found',
  ],
  sendStyle: [({ client }) => client.call('sendStyle', { params: { id: has.style } }), 'style_not_found'],
  updateStyle: [
    ({ client }) => client.call('updateStyle', { params: { id: has.style }, body: { name: 'C' } }),
    'style_not_found',
  ],
  listPresets: [({ client }) => client.call('listPresets', {}), []],
  createPreset: [
    ({ client }) => client.call('createPreset', { body: { name: 'B', settings } }),
    'not_allowed',
  ],
  updatePreset: [
    ({ client }) => client.call('updatePreset', { params: { id: has.preset }, body: { name: 'C' } }),
    'preset_not_found',
  ],
  starOutputs: [
    ({ client }) => client.call('starOutputs', { body: { tasks: [has.done], starred: true } }),
    { changed: 0 },
  ],
  retryTask: [({ client }) => client.call('retryTask', { params: { id: has.done } }), 'task_not_found'],
  retryFrame: [
    ({ client }) => client.call('retryFrame', { params: { id: has.done, index: 0 } }),
    'task_not_found',
  ],
  cancelQueue: [({ client }) => client.call('cancelQueue', {}), { cancelled: 0 }],
  cutOutTask: [({ client }) => client.call('cutOutTask', { params: { id: has.done } }), 'task_not_found'],
  cancelFrame: [
    ({ client }) => client.call('cancelFrame', { params: { id: has.running, index: 0 } }),
    'task_not_found',
  ],
  cancelTask: [({ client }) => client.call('cancelTask', { params: { id: has.waiting } }), 'task_not_found'],
  listWildcards: [({ client }) => client.call('listWildcards', {}), []],
  getWildcard: [
    ({ client }) => client.call('getWildcard', { query: { name: 'animal' } }),
    'wildcard_not_found',
  ],
  putWildcard: [
    ({ client }) => client.call('putWildcard', { body: { name: 'animal', text: 'fox' } }),
    'not_allowed',
  ],
  renameWildcard: [
    ({ client }) => client.call('renameWildcard', { body: { name: 'animal', to: 'animal' } }),
    'wildcard_not_found',
  ],
  deleteWildcard: [
    ({ client }) => client.call('deleteWildcard', { query: { name: 'animal' } }),
    'wildcard_not_found',
  ],
  deleteStyle: [({ client }) => client.call('deleteStyle', { params: { id: has.style } }), 'style_not_found'],
  deletePreset: [
    ({ client }) => client.call('deletePreset', { params: { id: has.preset } }),
    'preset_not_found',
  ],
  createGrid: [({ client }) => client.call('createGrid', { body: grid }), 'not_allowed'],
  listGrids: [({ client }) => client.call('listGrids', {}), []],
  getGrid: [({ client }) => client.call('getGrid', { params: { id: has.grid } }), 'grid_not_found'],
  gridSheet: [({ file }) => file(`/api/grids/${has.grid}/sheet`), 404],
  deleteGrid: [({ client }) => client.call('deleteGrid', { params: { id: has.grid } }), 'grid_not_found'],
  listWebhooks: [({ client }) => client.call('listWebhooks', {}), 'not_allowed'],
  addWebhook: [
    ({ client }) => client.call('addWebhook', { body: { url: 'https://example.com/' } }),
    'not_allowed',
  ],
  updateWebhook: [
    ({ client }) => client.call('updateWebhook', { params: { id: 1 }, body: { enabled: false } }),
    'not_allowed',
  ],
  renewWebhookSecret: [
    ({ client }) => client.call('renewWebhookSecret', { params: { id: 1 } }),
    'not_allowed',
  ],
  testWebhook: [({ client }) => client.call('testWebhook', { params: { id: 1 } }), 'not_allowed'],
  listDeliveries: [({ client }) => client.call('listDeliveries', { params: { id: 1 } }), 'not_allowed'],
  resendDelivery: [({ client }) => client.call('resendDelivery', { params: { id: 1 } }), 'not_allowed'],
  removeWebhook: [({ client }) => client.call('removeWebhook', { params: { id: 1 } }), 'not_allowed'],
  listBin: [async ({ client }) => (await client.call('listBin', {})).count, 0],
  binThumbnail: [({ file }) => file(`/api/bin/${has.binned}/thumbnail`), 404],
  restoreFromBin: [
    ({ client }) => client.call('restoreFromBin', { body: { items: [has.binned] } }),
    'bin_item_not_found',
  ],
  deleteTasks: [
    ({ client }) => client.call('deleteTasks', { body: { tasks: [has.waiting] } }),
    { deleted: 0, in_use: [] },
  ],
  deleteOutput: [
    ({ client }) => client.call('deleteOutput', { params: { id: `${has.done}_0` } }),
    'image_not_found',
  ],
  deleteTask: [({ client }) => client.call('deleteTask', { params: { id: has.running } }), 'task_not_found'],
  // The owner has deleted tasks by then.
  emptyBin: [({ client }) => client.call('emptyBin', { body: {} }), { removed: 0, size_bytes: 0 }],
};

const answerOf = (work: Promise<unknown>) =>
  work.catch((error) => (error instanceof StudioError ? error.code : String(error)));

it('shows a caller nothing of what belongs to another, and lets them change nothing', async () => {
  const ann = asking('ann');
  for (const [name, [ask, answer]] of Object.entries(TO_A_STRANGER))
    expect([name, await answerOf(ask(ann))]).toEqual([name, answer]);
  // As untouched as before, the owner gets another answer to each.
  for (const [name, [ask, answer]] of Object.entries(TO_A_STRANGER)) {
    // The owner is no stranger to these: the task is no cut-out, and the trainer runs no program.
    if (name !== 'getRemoveBg' && name !== 'trainingLog')
      expect([name, await answerOf(ask(asking('owner')))]).not.toEqual([name, answer]);
  }
});

it('sends a caller no news of what belongs to another', async () => {
  const listen = async (account: string) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: headers(account) });
    const messages: { type?: string; id?: number }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all', since: 0, lists: true }));
    await expect.poll(() => messages.some(({ type }) => type === 'subscribed')).toBe(true);
    return { socket, messages };
  };
  const ann = await listen('ann');
  const owner = await listen('owner');
  const { client } = asking('owner');
  await client.call('createPreset', { body: { name: 'News', settings } });
  const { id } = await client.call('generate', { body: { prompt: 'a', family: 'scripted' } });
  await expect.poll(() => owner.messages.some((message) => message.id === id)).toBe(true);
  await expect.poll(() => owner.messages.some(({ type }) => type === 'changed')).toBe(true);
  expect(ann.messages.map(({ type }) => type)).toEqual(['subscribed']);
  ann.socket.close();
  owner.socket.close();
});
