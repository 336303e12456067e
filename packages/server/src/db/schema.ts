/** Rows as they are stored. Times are ms since 1970, booleans are 0 or 1, JSON is text: alike on SQLite and Postgres. */
import type {
  BinKind,
  DeliveryStatus,
  FrameStatus,
  ModelDownloadStatus,
  OutputRole,
  ServerMode,
  StyleType,
  TaskKind,
  TaskStatus,
  WebhookEvent,
} from '@limner/contract';
import type { Generated, Insertable, Selectable } from 'kysely';

export interface TasksTable {
  id: Generated<number>;
  kind: TaskKind;
  status: TaskStatus;
  /** Which worker limit it counts against. */
  lane: string;
  priority: number;
  /** Its turn within its priority; null: its id. See tasks/store/queue-order.ts. */
  turn: Generated<number | null>;
  family: string;
  prompt: string;
  /** Name of the picture it was made of; empty if there is a prompt or no picture. Names its files. */
  source_name: Generated<string>;
  /** The prompt cut into searchable words, see search.ts. */
  search_text: string;
  style_id: number | null;
  source_task_id: number | null;
  /** JSON `TaskPlan`: everything the frames share, fixed at creation. */
  plan: string;
  total_frames: number;
  /** Number of starred pictures; repeated here so that lists and clean-up need not read frames. */
  stars: Generated<number>;
  /** JSON `ErrorBody`. */
  error: string | null;
  /** Names the worker's claim; null if no worker holds it. Every write of a worker has it in its WHERE. */
  lease: string | null;
  lease_until: number | null;
  version: number;
  created_at: number;
  started_at: number | null;
  completed_at: number | null;
}

export interface FramesTable {
  task_id: number;
  frame_index: number;
  status: FrameStatus;
  /** Decimal digits: 0…2⁶⁴−1, which no integer column holds. */
  seed: string;
  tries: Generated<number>;
  /** JSON `DrawnWords`: its own prompts and LoRAs, fixed at creation; null: those of the task. */
  drawn: Generated<string | null>;
  /** How often the process died while this frame ran. */
  interruptions: Generated<number>;
  /** What the engine stored of an unfinished frame, for example a prompt id. */
  ticket: string | null;
  error: string | null;
  /** 0…1 of a running frame, written at most once a second. */
  progress: Generated<number>;
  /** Of a running frame: prompts before it on its server, 0 if it waits for a server; null: it is painted. */
  waits_behind: Generated<number | null>;
  /** Of a running frame: the version at which its newest preview was written; null before the first. */
  preview: Generated<number | null>;
  started_at: number | null;
  completed_at: number | null;
}

/** Signs of life of the processes of this installation. A process that ends cleanly removes its row. */
export interface ProcessesTable {
  name: string;
  role: 'serve' | 'worker';
  paints: number;
  version: string;
  started_at: number;
  /** By the clock of the database. */
  seen_at: number;
  lag_seconds: number;
  memory_bytes: number;
}

/** See leases.ts. */
export interface LeasesTable {
  name: string;
  holder: string;
  until: number;
}

/** See servers/server-places.ts. */
export interface ServerPlacesTable {
  server: string;
  owner: string;
  holder: string;
  /** 1: the server does nothing else. */
  whole: number;
  until: number;
}

/** The newest preview of each running frame, so that every process can send it. */
export interface PreviewsTable {
  task_id: number;
  frame_index: number;
  media_type: string;
  bytes: Uint8Array;
}

/** Outputs of completed frames. A row is written in the transaction that completes the frame, after its file is complete. */
export interface OutputsTable {
  task_id: number;
  frame_index: number;
  /** Order within the frame. */
  place: number;
  role: OutputRole;
  /** Blob key. */
  file: string;
  media_type: string;
  /** Pixels; null where it has none. */
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  /** Frames per second of a video; null: its header does not say, or it was made before this was kept. */
  fps: number | null;
  size_bytes: number;
  /** JSON `Provenance`. */
  provenance: string | null;
  starred: Generated<number>;
  created_at: number;
}

export interface UploadsTable {
  id: string;
  file: string;
  name: string;
  media_type: string;
  width: number;
  height: number;
  size_bytes: number;
  sha256: string;
  created_at: number;
}

/** Which pictures a task reads: uploads and outputs by id. Protects them from clean-up. */
export interface TaskInputsTable {
  task_id: number;
  image: string;
  /** For an output: its task and frame. */
  source_task_id: number | null;
  source_frame: number | null;
}

export interface StylesTable {
  id: Generated<number>;
  name: string;
  type: StyleType;
  lora_path: string | null;
  trigger_words: string;
  is_base: Generated<number>;
  is_trained: Generated<number>;
  /** The family it was trained for; null if it was not trained here. */
  family: string | null;
  /** How much of its LoRA is used. */
  strength: Generated<number>;
  created_at: number;
}

/** The state of a training run; inserted with its first checkpoint, or at the end of its first try. */
export interface TrainingRunsTable {
  task_id: number;
  /** Of the last checkpoint; 0: there is none. */
  step: Generated<number>;
  /** The last step taken, in the checkpoint or after it. */
  reached: Generated<number>;
  /** What it did last. */
  phase: string | null;
  /** ms; the last sign of life of its trainer. */
  heard_at: number | null;
  /** Blob key of the finished LoRA. */
  lora: string | null;
  style_id: number | null;
}

/** The loss curve of a training: also of steps that are not in a checkpoint yet. */
export interface LossPointsTable {
  task_id: number;
  step: number;
  loss: number;
}

export interface DatasetsTable {
  id: Generated<number>;
  name: string;
  trigger_words: Generated<string>;
  /** A colour below transparent parts; null: they stay. */
  ground: string | null;
  created_at: number;
  updated_at: number;
}

/** Pictures of data sets. Each protects its upload from clean-up. */
export interface DatasetPicturesTable {
  id: Generated<number>;
  dataset_id: number;
  upload_id: string;
  /** Of the upload: a set has equal pictures once. */
  sha256: string;
  name: string;
  caption: string;
  /** JSON `Crop`; null: the whole picture. */
  crop: string | null;
  /** Its order in the set. */
  place: number;
  /** See `picture-look.ts`. */
  look: string;
  /** It has transparent parts. */
  transparent: number;
}

/** Versions of data sets: lists that runs have learnt from. They belong to their set and go with it. */
export interface DatasetVersionsTable {
  dataset_id: number;
  number: number;
  /** SHA-256 of the list: an unchanged set uses its newest version again. */
  content: string;
  created_at: number;
}

/** Pictures of versions. Each protects its upload from clean-up. */
export interface DatasetVersionPicturesTable {
  dataset_id: number;
  version: number;
  place: number;
  upload_id: string;
  caption: string;
  crop: string | null;
}

/** Which version a run learns from. The task may have been deleted, and restored. */
export interface DatasetRunsTable {
  task_id: number;
  dataset_id: number;
  version: number;
}

/** Work on data sets that goes on after its request. A process that ends leaves it without a sign of life. */
export interface DatasetWorkTable {
  id: Generated<number>;
  dataset_id: number;
  kind: 'import' | 'captions';
  status: 'running' | 'done' | 'cancelled' | 'failed' | 'interrupted';
  done: number;
  total: number;
  /** JSON list of `ImportedFile`s. */
  files: string;
  /** JSON `ErrorBody`. */
  error: string | null;
  created_at: number;
  /** Its last sign of life. */
  updated_at: number;
}

/** Uploads that data sets in the bin name. */
export interface BinUploadsTable {
  bin_id: number;
  upload_id: string;
}

/** Files whose rows are deleted; removed from storage, then from this table. Survives a crash between the two. */
export interface TrashTable {
  file: string;
}

/** Paused lanes. */
export interface PausedLanesTable {
  lane: string;
  paused_at: number;
}

/** The bin: deleted items that can be restored. */
export interface BinTable {
  id: Generated<number>;
  kind: BinKind;
  /** Id of the task, output, upload or data set. */
  ref: string;
  /** The task, or the task that the picture belongs to. */
  task_id: number | null;
  title: string;
  /** JSON `KeptRows`. */
  rows: string;
  /** Number of its files. */
  files: number;
  size_bytes: number;
  cause: 'deleted' | 'cleaned';
  deleted_at: number;
}

/** Files of the bin, so that the sweep of orphans keeps them. */
export interface BinFilesTable {
  file: string;
  bin_id: number;
}

/** ComfyUI servers added at run time, and the modes of servers from the environment. */
export interface ServersTable {
  id: string;
  name: string;
  /** With credentials. null: configured in the environment. */
  url: string | null;
  token: string | null;
  mode: ServerMode;
  created_at: number;
}

/** Model files that ComfyUI servers were asked to download. They belong to the installation. */
export interface ModelDownloadsTable {
  id: Generated<number>;
  /** Its name in ComfyUI-Manager. */
  key: string;
  server: string;
  file: string;
  folder: string;
  status: ModelDownloadStatus;
  done_bytes: number | null;
  size_bytes: number | null;
  /** JSON `ErrorBody`. */
  error: string | null;
  created_at: number;
  ended_at: number | null;
}

/** Settings of the studio's form under a name. */
export interface PresetsTable {
  id: Generated<number>;
  name: string;
  /** JSON `PresetSettings`. */
  settings: string;
  created_at: number;
  updated_at: number;
}

/** Small facts of this installation. */
export interface FactsTable {
  key: string;
  value: string;
}

export interface WebhooksTable {
  id: Generated<number>;
  url: string;
  /** JSON list of `WebhookEvent`s. */
  events: string;
  /** JSON list of task kinds; null: all. */
  kinds: string | null;
  secret: string;
  enabled: Generated<number>;
  /** JSON `ErrorBody`: why Limner has switched it off. */
  problem: string | null;
  created_at: number;
}

/** Calls of webhooks. Written in the transaction that ends their task. */
export interface DeliveriesTable {
  id: Generated<number>;
  webhook_id: number;
  event: WebhookEvent | 'test';
  task_id: number | null;
  status: DeliveryStatus;
  tries: Generated<number>;
  /** Null once it is delivered or has failed. */
  next_try_at: number | null;
  http_status: number | null;
  /** JSON `ErrorBody` of the last try. */
  error: string | null;
  created_at: number;
  tried_at: number | null;
}

/** Which task a request has made that its client may repeat. See tasks/repeated-requests.ts. */
export interface RequestKeysTable {
  task_id: number;
  key: string;
  content: string;
  /** Names the newest request whose client waits for the task. */
  holder: string;
}

export interface GridsTable {
  id: Generated<number>;
  /** JSON `GridPlan`. */
  plan: string;
  /** Number of cells. */
  cells: number;
  created_at: number;
}

export interface GridCellsTable {
  grid_id: number;
  /** Its position in the order along x, then y, then z. */
  cell: number;
  x: number;
  y: number;
  z: number;
  /** The task may have been deleted, and restored. */
  task_id: number;
}

export interface Schema {
  processes: ProcessesTable;
  facts: FactsTable;
  presets: PresetsTable;
  model_downloads: ModelDownloadsTable;
  paused_lanes: PausedLanesTable;
  servers: ServersTable;
  tasks: TasksTable;
  frames: FramesTable;
  outputs: OutputsTable;
  previews: PreviewsTable;
  leases: LeasesTable;
  server_places: ServerPlacesTable;
  request_keys: RequestKeysTable;
  uploads: UploadsTable;
  task_inputs: TaskInputsTable;
  styles: StylesTable;
  training_runs: TrainingRunsTable;
  loss_points: LossPointsTable;
  trash: TrashTable;
  bin: BinTable;
  bin_files: BinFilesTable;
  bin_uploads: BinUploadsTable;
  datasets: DatasetsTable;
  dataset_pictures: DatasetPicturesTable;
  dataset_versions: DatasetVersionsTable;
  dataset_version_pictures: DatasetVersionPicturesTable;
  dataset_runs: DatasetRunsTable;
  dataset_work: DatasetWorkTable;
  grids: GridsTable;
  grid_cells: GridCellsTable;
  webhooks: WebhooksTable;
  webhook_deliveries: DeliveriesTable;
}

export type WebhookRow = Selectable<WebhooksTable>;
export type DeliveryRow = Selectable<DeliveriesTable>;

export type TaskRow = Selectable<TasksTable>;
export type NewTask = Insertable<TasksTable>;
export type FrameRow = Selectable<FramesTable>;
export type OutputRow = Selectable<OutputsTable>;
export type UploadRow = Selectable<UploadsTable>;
export type BinRow = Selectable<BinTable>;
export type GridRow = Selectable<GridsTable>;
export type ModelDownloadRow = Selectable<ModelDownloadsTable>;
export type PresetRow = Selectable<PresetsTable>;
export type DatasetRow = Selectable<DatasetsTable>;
export type DatasetPictureRow = Selectable<DatasetPicturesTable>;
export type DatasetWorkRow = Selectable<DatasetWorkTable>;
export type StyleRow = Selectable<StylesTable>;
