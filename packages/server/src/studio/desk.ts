/** Opens what the HTTP server and its sockets need. */
import path from 'node:path';
import { CaptionEndpoint } from '../datasets/caption-endpoint.ts';
import { Captioner } from '../datasets/captioner.ts';
import { Datasets } from '../datasets/datasets.ts';
import { DatasetFolders } from '../datasets/folders.ts';
import { DatasetImports } from '../datasets/imports.ts';
import { SetPictures } from '../datasets/set-pictures.ts';
import { DatasetWorks } from '../datasets/work.ts';
import { WrittenCaptions } from '../datasets/written-captions.ts';
import { Grids } from '../grids/grids.ts';
import { Sheets } from '../grids/sheet/sheets.ts';
import { Layers } from '../layers/layers.ts';
import { Outputs } from '../outputs/outputs.ts';
import { Removals } from '../outputs/removals.ts';
import { Stars } from '../outputs/stars.ts';
import { Zips } from '../outputs/zips.ts';
import { ExamplePictures } from '../pictures/example-pictures.ts';
import { Pictures } from '../pictures/pictures.ts';
import { Presets } from '../presets/presets.ts';
import { WildcardFolder } from '../prompts/wildcard-folder.ts';
import { Wildcards } from '../prompts/wildcards.ts';
import { Repair } from '../repair/repair.ts';
import { StorageMeter } from '../storage/storage-meter.ts';
import { LoraStyles } from '../styles/lora-styles.ts';
import { Styles } from '../styles/styles.ts';
import type { Cleanup } from '../tasks/cleanup.ts';
import { Lanes } from '../tasks/lanes.ts';
import { NewTasks } from '../tasks/new-tasks.ts';
import { QueuePlaces } from '../tasks/queue-places.ts';
import { RepeatedRequests } from '../tasks/repeated-requests.ts';
import { Tasks } from '../tasks/tasks.ts';
import { Status } from '../telemetry/status.ts';
import { CheckpointStyles } from '../training/checkpoint-styles.ts';
import { Trainings } from '../training/trainings.ts';
import { Uploads } from '../uploads/uploads.ts';
import { webhookAddresses } from '../webhooks/addresses.ts';
import { Webhooks } from '../webhooks/webhooks.ts';
import type { Closings } from './closings.ts';
import type { OpenEngines } from './engines.ts';
import { before, openCleanup, ROW_WITHIN_MS, type Shared } from './shared.ts';

/** Kept by the HTTP server. */
export interface OpenSockets {
  count: number;
}

export interface Desk
  extends Shared,
    Pick<OpenEngines, 'engines' | 'servers' | 'workflows' | 'downloads' | 'packs' | 'sentStyles'> {
  tasks: Tasks;
  newTasks: NewTasks;
  requests: RepeatedRequests;
  grids: Grids;
  queue: QueuePlaces;
  lanes: Lanes;
  outputs: Outputs;
  layers: Layers;
  stars: Stars;
  removals: Removals;
  zips: Zips;
  presets: Presets;
  meter: StorageMeter;
  cleanup: Cleanup;
  repair: Repair;
  styles: Styles;
  loraStyles: LoraStyles;
  trainings: Trainings;
  captioner: Captioner;
  datasets: Datasets;
  datasetImports: DatasetImports;
  datasetWorks: DatasetWorks;
  writtenCaptions: WrittenCaptions;
  pictures: Pictures;
  examplePictures: ExamplePictures;
  uploads: Uploads;
  webhooks: Webhooks;
  wildcards: Wildcards;
  startedAtMs: number;
  sockets: OpenSockets;
  status: Status;
  /** Aborted when the process begins to close. */
  stopping: AbortSignal;
  /** Aborted when the process was asked to stop, `DRAIN_SECONDS` before that. */
  draining: AbortSignal;
}

export async function openDesk(
  shared: Shared,
  opened: OpenEngines,
  { draining, stopping }: Pick<Desk, 'draining' | 'stopping'>,
  closings: Closings,
): Promise<Desk> {
  const { config, log, db, blobs, bus, dispatch, news, search, starNotes, fileNames } = shared;
  const { maxFileSizeBytes, maxPixels, pictureEntry, maxQueuedTasks, maxConcurrentTasks, cleanupDays } =
    config;
  const hasBin = config.binDays > 0;
  const { engines, durations, servers, workflows, downloads, packs, sentStyles, trainers } = opened;
  const styles = new Styles(db, blobs, bus);
  await styles.ensureBase();
  const pictures = new Pictures(db.read);
  const captioner = new Captioner([
    ...(config.captioner ? [new CaptionEndpoint(config.captioner)] : []),
    opened.describer,
  ]);
  const incomingDir = path.join(config.dataDir, '.tmp', 'incoming');
  const uploads = new Uploads({
    db,
    blobs,
    limits: { maxFileSizeBytes, maxPixels },
    pictureEntry,
    incomingDir,
  });
  const setPictures = new SetPictures({ db, blobs, uploads, pictures });
  const datasetWorks = new DatasetWorks({ db, bus, log, stopping });
  closings.add(() => datasetWorks.close());
  const loraStyles = new LoraStyles({ styles, blobs, incomingDir });
  const tasks = new Tasks({ db, search, blobs, bus, dispatch, news, meters: shared.meters, hasBin });
  const wildcards = new Wildcards(new WildcardFolder(path.join(config.dataDir, 'wildcards')), bus);
  const newTasks = new NewTasks({
    db,
    search,
    dispatch,
    news,
    engines,
    styles,
    pictures,
    wildcards,
    maxQueuedTasks,
  });
  const cleanup = openCleanup(shared, closings);
  const repair = new Repair({
    db,
    blobs,
    bus,
    news,
    log,
    search,
    starNotes,
    trainers,
    holder: shared.name,
    beforeMs: () => before(shared, ROW_WITHIN_MS),
    stopping,
  });
  closings.add(() => repair.close());
  const queue = new QueuePlaces({ db: db.read, engines, durations, maxConcurrentTasks });
  return {
    ...shared,
    engines,
    servers,
    workflows,
    downloads,
    packs,
    tasks,
    newTasks,
    requests: new RepeatedRequests({ db, holder: shared.name, tasks, newTasks }),
    grids: new Grids({
      db,
      engines,
      styles,
      newTasks,
      sheets: new Sheets({ blobs, modelsDir: config.modelsDir }),
    }),
    queue,
    lanes: new Lanes({ db, bus, news, engines, places: queue, tasks }),
    outputs: new Outputs(db.read, blobs, fileNames.of),
    layers: new Layers({ db: db.read, blobs, nameOf: fileNames.of, uploads }),
    stars: new Stars(db, news, starNotes),
    removals: new Removals({ db, blobs, news, tasks, hasBin }),
    zips: new Zips(db.read, blobs, fileNames.of),
    presets: new Presets(db, bus),
    meter: new StorageMeter({ db, blobs, cleanupDays, dataDir: path.resolve(config.dataDir) }),
    cleanup,
    repair,
    styles,
    sentStyles,
    captioner,
    datasets: new Datasets({ db, bus, setPictures, works: datasetWorks, hasBin }),
    datasetImports: new DatasetImports({
      bus,
      setPictures,
      works: datasetWorks,
      folders: new DatasetFolders(path.join(config.dataDir, 'datasets')),
      incomingDir,
      maxZipBytes: config.maxArchiveBytes,
    }),
    datasetWorks,
    writtenCaptions: new WrittenCaptions({
      db,
      blobs,
      setPictures,
      works: datasetWorks,
      captioner,
    }),
    loraStyles,
    trainings: new Trainings({
      ...{ db, blobs, newTasks, styles, trainers },
      checkpointStyles: new CheckpointStyles({ db, blobs, bus, news, sentStyles }),
    }),
    pictures,
    examplePictures: new ExamplePictures(pictures, blobs),
    uploads,
    wildcards,
    webhooks: new Webhooks({ db, bus, isAllowed: webhookAddresses(config) }),
    startedAtMs: Date.now(),
    sockets: { count: 0 },
    status: new Status({
      db,
      blobs,
      engines,
      redis: shared.redis,
      storage: config.s3 === null ? 'folder' : 'bucket',
      name: shared.name,
    }),
    stopping,
    draining,
  };
}
