/** The composition root: the only file that knows which adapters exist. What is opened here is closed in reverse order. */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import { type RecipeStyle, StudioError } from '@limner/contract';
import type { Bus } from './bus/bus.ts';
import { MemoryBus } from './bus/memory-bus.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { keptFact } from './db/facts.ts';
import { type DatabaseAddress, openDatabase } from './db/open.ts';
import { lockPostgres } from './db/postgres-lock.ts';
import { ComfyEngine, serverAt } from './engines/comfy/comfy-engine.ts';
import { comfyFamilies } from './engines/comfy/families/index.ts';
import { WorkflowLibrary } from './engines/comfy/workflows/workflow-library.ts';
import { CutoutEngine } from './engines/cutout/cutout-engine.ts';
import { EmbeddedProcess } from './engines/embedded/process.ts';
import type { Engine, InputPicture } from './engines/engine.ts';
import { Engines } from './engines/engines.ts';
import { StarterEngine } from './engines/starter/starter-engine.ts';
import { StarterTrainer } from './engines/training/starter/starter-trainer.ts';
import type { StyleTrainer } from './engines/training/trainer.ts';
import { TrainingEngine } from './engines/training/training-engine.ts';
import { UpscaleEngine } from './engines/upscale/upscale-engine.ts';
import type { Logger } from './log.ts';
import { Outputs } from './outputs/outputs.ts';
import { Removals } from './outputs/removals.ts';
import { Stars } from './outputs/stars.ts';
import { Zips } from './outputs/zips.ts';
import { Pictures } from './pictures/pictures.ts';
import { Presets } from './presets/presets.ts';
import { openSearch } from './search/open.ts';
import { Servers } from './servers/servers.ts';
import type { Blobs } from './storage/blobs.ts';
import { lockDatabaseFile, lockDataDir } from './storage/data-lock.ts';
import { DiskBlobs } from './storage/disk-blobs.ts';
import { pairFolderWithDatabase } from './storage/installation.ts';
import { StorageMeter } from './storage/storage-use.ts';
import { Styles } from './styles/styles.ts';
import { Cleanup } from './tasks/cleanup.ts';
import { Durations } from './tasks/durations.ts';
import { TaskNews } from './tasks/news.ts';
import { QueuePlaces } from './tasks/queue-places.ts';
import { WORKER_TIMES, Worker, type WorkerTimes } from './tasks/run/worker.ts';
import { Tasks } from './tasks/tasks.ts';
import { StoredRuns } from './training/stored-runs.ts';
import { Trainings } from './training/trainings.ts';
import { Uploads } from './uploads/uploads.ts';

/** After so long without work the embedded engines' process gives its memory back. */
const EMBEDDED_IDLE_MS = 5 * 60_000;
/** A trainer's process holds more, and is wanted less often. */
const TRAINER_IDLE_MS = 20_000;

export interface Studio {
  config: Config;
  log: Logger;
  db: Database;
  blobs: Blobs;
  bus: Bus;
  engines: Engines;
  tasks: Tasks;
  queue: QueuePlaces;
  outputs: Outputs;
  stars: Stars;
  removals: Removals;
  zips: Zips;
  presets: Presets;
  meter: StorageMeter;
  cleanup: Cleanup;
  styles: Styles;
  trainings: Trainings;
  pictures: Pictures;
  uploads: Uploads;
  servers: Servers;
  workflows: WorkflowLibrary;
  startedAtMs: number;
  /** Aborted when the studio begins to close. */
  stopping: AbortSignal;
  /** Lets everybody know that the end is near; `close` does it too. */
  announceStop(): void;
  close(): Promise<void>;
}

export interface StudioOptions {
  config: Config;
  log: Logger;
  /** Instead of the engines that are built in. */
  engines?: (config: Config, log: Logger) => Engine[];
  /** Instead of the trainers that are built in. */
  trainers?: (config: Config, log: Logger) => StyleTrainer[];
  /** Instead of the adapter that its address names. */
  database?: (address: DatabaseAddress) => Promise<Database>;
  /** Instead of the worker's usual times. */
  worker?: Partial<WorkerTimes>;
}

type Closing = () => Promise<void> | void;

export async function openStudio({
  config,
  log,
  engines: embedded = embeddedEngines,
  trainers = builtInTrainers,
  database = openDatabase,
  ...options
}: StudioOptions): Promise<Studio> {
  const closings: Closing[] = [];
  const closeAll = async () => {
    for (const close of closings.splice(0).reverse()) await close();
  };
  try {
    await mkdir(config.dataDir, { recursive: true });
    const lock = lockDataDir(config.dataDir);
    closings.push(() => lock.release());
    const databaseLock = await lockDatabase(config.database);
    closings.push(() => databaseLock.release());
    const db = await database(config.database);
    closings.push(() => db.close());
    await pairFolderWithDatabase(config.dataDir, db);
    const blobs = await DiskBlobs.open(config.dataDir, config.fileThreadEntry);
    closings.push(() => blobs.close());
    const bus = new MemoryBus();
    closings.push(() => bus.close());
    const durations = new Durations(db.read);
    const families = comfyFamilies(config.flux);
    const comfy = new ComfyEngine({
      // Kept, so that prompts which outlive us tell their progress to the next start. The data folder's lock makes it ours alone.
      clientId: await keptFact(db, 'comfy_client_id', randomUUID),
      servers: config.comfyUrls.map(serverAt),
      families,
      timeoutMs: config.comfyTimeoutMs,
      log,
    });
    const workflows = new WorkflowLibrary(path.join(config.dataDir, 'workflows'), comfy, families);
    await workflows.load();
    const runs = new StoredRuns(db, blobs, bus);
    await runs.removeOrphans();
    const training = new TrainingEngine(trainers(config, log), runs);
    const engines = new Engines([comfy, ...embedded(config, log), training], (family) =>
      durations.secondsPerFrame(family),
    );
    closings.push(() => engines.close());

    const servers = new Servers(db, comfy, serverAt);
    await servers.restore();
    const news = new TaskNews(db.read, bus);
    const styles = new Styles(db, blobs, bus);
    await styles.ensureBase();
    const { maxFileSizeBytes, maxPixels, pictureEntry } = config;
    const uploads = new Uploads({
      db,
      blobs,
      limits: { maxFileSizeBytes, maxPixels },
      pictureEntry,
      incomingDir: path.join(config.dataDir, '.tmp', 'incoming'),
    });
    const { maxQueuedTasks } = config;
    const search = openSearch(db, log);
    const pictures = new Pictures(db.read);
    const tasks = new Tasks({
      db,
      search,
      blobs,
      bus,
      news,
      engines,
      styles,
      pictures,
      maxQueuedTasks,
    });
    const trainings = new Trainings({ db, tasks, styles, runs, trainers: training.trainers });
    const worker = new Worker({
      db,
      blobs,
      bus,
      news,
      engines,
      log,
      openInput: (id) => openInput(pictures, blobs, id),
      openLora: (style) => openLora(blobs, style),
      maxConcurrentTasks: config.maxConcurrentTasks,
      ...WORKER_TIMES,
      ...options.worker,
    });
    await worker.start({ alone: true });
    closings.push(() => worker.stop());
    search.start();
    closings.push(() => search.close());
    const cleanup = new Cleanup({ db, blobs, log, uploads, news, days: config.cleanupDays });
    cleanup.start();
    closings.push(() => cleanup.close());
    const stopping = new AbortController();
    closings.push(() => stopping.abort());
    const { cleanupDays, maxConcurrentTasks } = config;
    return {
      config,
      log,
      db,
      blobs,
      bus,
      engines,
      tasks,
      queue: new QueuePlaces({ db: db.read, engines, durations, maxConcurrentTasks }),
      outputs: new Outputs(db.read, blobs),
      stars: new Stars(db, news),
      removals: new Removals({ db, blobs, news, tasks }),
      zips: new Zips(db.read, blobs),
      presets: new Presets(db, bus),
      meter: new StorageMeter({ db, blobs, cleanupDays }),
      cleanup,
      styles,
      trainings,
      pictures,
      uploads,
      servers,
      workflows,
      startedAtMs: Date.now(),
      stopping: stopping.signal,
      announceStop: () => stopping.abort(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const lockDatabase = async (address: DatabaseAddress): Promise<{ release: Closing }> =>
  address.dialect === 'sqlite' ? lockDatabaseFile(address.file) : lockPostgres(address.url);

function embeddedEngines(config: Config, log: Logger): Engine[] {
  const { modelsDir } = config;
  const process = new EmbeddedProcess({ entry: config.embeddedEntry, idleMs: EMBEDDED_IDLE_MS, log });
  return [
    new StarterEngine({ modelsDir, process }),
    new CutoutEngine({ modelsDir, userModelsDir: path.join(config.dataDir, 'models', 'cutout'), process }),
    new UpscaleEngine({ modelsDir, process }),
  ];
}

function builtInTrainers(config: Config, log: Logger): StyleTrainer[] {
  const process = new EmbeddedProcess({
    entry: config.embeddedEntry,
    idleMs: TRAINER_IDLE_MS,
    // A step may take a while when every core is wanted elsewhere, and a checkpoint follows it.
    abortGraceMs: 5_000,
    niceness: constants.priority.PRIORITY_LOW,
    log,
  });
  return [new StarterTrainer({ modelsDir: config.modelsDir, process })];
}

async function openLora(blobs: Blobs, { name, lora_path }: RecipeStyle): Promise<Buffer> {
  const stat = lora_path === null ? null : await blobs.stat(lora_path);
  if (!stat || lora_path === null) throw new StudioError('lora_missing', { data: { style: name } });
  return blobs.read(lora_path);
}

async function openInput(pictures: Pictures, blobs: Blobs, id: string): Promise<InputPicture> {
  const { file, mediaType, width, height, sha256 } = await pictures.resolve(id);
  const read = () => blobs.read(file);
  const hash =
    sha256 ??
    createHash('sha256')
      .update(await read())
      .digest('hex');
  return { sha256: hash, mediaType, width, height, read };
}
