/**
 * The only reader of the environment. Every value is checked at start and every mistake is reported at once, with what
 * was read and what is allowed.
 */
import { isIP } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {
  type Bilingual,
  DEFAULT_COMFYUI_URL,
  DEFAULT_FILE_NAME_TEMPLATE,
  FileNameTemplate,
  type Language,
  localeLanguage,
} from '@limner/contract';
import { firstIssue, type Issue, reasonOf } from '@limner/contract/reasons';
import { z } from 'zod';
import type { DatabaseAddress } from './db/open.ts';
import { readCommandLine } from './engines/training/command/command-line.ts';
import type { CommandSettings } from './engines/training/command/command-program.ts';
import { LORA_MODELS } from './loras/lora-models.ts';
import { programEnvironment } from './program-environment.ts';
import { StartProblem } from './start-problem.ts';
import { readS3Url, type S3Access, type S3Place } from './storage/s3/s3-place.ts';

/** 127.0.0.0/8, ::1, and localhost. */
const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|::1|localhost)$/i.test(host);

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
/** `Number` would read a space as 0 and `0x10` as 16. */
const whole = (min: number, max: number) =>
  z
    .stringFormat('number_text', /^\s*[-+]?\d+(\.\d+)?\s*$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

/** `none`: no server at all. */
const httpUrls = list
  .transform((urls) => (urls.join() === 'none' ? [] : urls))
  .refine((urls) => urls.every((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)));

/** `*`: any. Kept as browsers send them, in lower case and without a path or default port. */
const origins = list
  .refine((urls) => urls.every((url) => url === '*' || isOrigin(url)))
  .transform((urls) => urls.map((url) => (url === '*' ? url : new URL(url).origin)));

const isOrigin = (text: string): boolean =>
  /^https?:\/\/[^/?#@\s]+\/?$/i.test(text) && URL.canParse(text) && new URL(text).origin !== 'null';

/** Names, with a port or without; `*`: any. */
const hostNames = list.refine((names) =>
  names.every((name) => name === '*' || (/^[\w.:[\]-]+$/.test(name) && URL.canParse(`http://${name}`))),
);

/** Addresses and networks, such as 10.0.0.7 or 172.16.0.0/12. */
const addresses = list.refine((items) =>
  items.every((item) => {
    const [address = '', bits, ...rest] = item.split('/');
    const version = isIP(address);
    const isMask =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
    return version !== 0 && isMask && rest.length === 0;
  }),
);

/** Addresses that Limner itself has at the root: a base path that begins with one would be ambiguous. */
const OWN_PATHS =
  /^\/(api|outputs|uploads|loras|ws|docs|health|healthz|readyz|notices|assets|generate-image|v1|images|openai|openapi\.json|sdapi|controlnet|rembg|internal|mcp)(\/|$)/;

/** `/limner`; empty at the root. */
const basePath = z
  .string()
  .refine((text) => text === '/' || (/^(\/[a-z0-9_~-][\w.~-]*)+\/?$/i.test(text) && !OWN_PATHS.test(text)))
  .transform((text) => text.replace(/\/$/, ''));

const commandLine = z
  .string()
  .refine((text) => readCommandLine(text) !== null)
  .transform(readCommandLine);

/** Of models whose LoRAs are known, so that the result of a training is read. */
const loraFamilies = list.refine(
  (ids) => ids.length > 0 && ids.every((id) => LORA_MODELS.some(({ families }) => families.includes(id))),
);

/** Names with `*`, below a folder. */
const namePattern = z.string().refine((text) => !/(^|\/)\.\.(\/|$)|^\/|\\/.test(text));

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** `name=value`, separated by commas, with values as in addresses. */
const headerList = list
  .refine((pairs) => pairs.every((pair) => /^[\w-]+\s*=/.test(pair)))
  .transform((pairs) =>
    Object.fromEntries(
      pairs.map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const;
      }),
    ),
  );

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isPostgresUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
};

const isDatabaseUrl = (text: string): boolean => /^(sqlite:|file:)(\/\/)?./.test(text) || isPostgresUrl(text);

const isRedisUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (
    url !== null &&
    /^rediss?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    url.hash === '' &&
    /^(\/\d*)?$/.test(url.pathname)
  );
};

export const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65535).default(9000),
  PUBLIC_WITHOUT_ACCOUNTS: flag.default(false),
  ALLOWED_HOSTS: hostNames.default([]),
  CORS_ORIGINS: origins.default([]),
  TRUSTED_PROXIES: addresses.default([]),
  BASE_PATH: basePath.default(''),
  WEBHOOKS_TO_PRIVATE_ADDRESSES: flag.default(false),
  RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000).default(1200),
  LIMNER_DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z.string().refine(isDatabaseUrl).optional(),
  REDIS_URL: z.string().refine(isRedisUrl).optional(),
  BLOBS_URL: z
    .string()
    .refine((url) => readS3Url(url) !== null)
    .optional(),
  BLOBS_PUBLIC_URL: z
    .string()
    .refine((url) => url === 'signed' || isHttpUrl(url))
    .optional(),
  S3_ENDPOINT: z.string().refine(isHttpUrl).optional(),
  S3_REGION: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  S3_FORCE_PATH_STYLE: flag.optional(),
  COMFYUI_URL: httpUrls.default([DEFAULT_COMFYUI_URL]),
  COMFYUI_TIMEOUT: whole(5, 86_400).default(300),
  COMFYUI_LORA_DIR: z.string().min(1).optional(),
  FLUX_UNET: z.string().min(1).default('flux1-schnell-Q5_K_S.gguf'),
  FLUX_CLIP_L: z.string().min(1).default('clip_l.safetensors'),
  FLUX_T5XXL: z.string().min(1).default('t5xxl_fp16.safetensors'),
  FLUX_VAE: z.string().min(1).default('ae.safetensors'),
  FLUX_CONTROLNET: z.string().min(1).default('instantx-flux-union-controlnet.safetensors'),
  MAX_FILE_SIZE: whole(1024, 4 * 1024 ** 3).default(10 * 1024 ** 2),
  MAX_ARCHIVE_MB: whole(1, 100_000).default(2048),
  MAX_MEGAPIXELS: whole(1, 1000).default(50),
  MAX_CONCURRENT_TASKS: whole(1, 64).optional(),
  MAX_QUEUED_TASKS: whole(1, 10_000_000).default(100_000),
  LIMNER_PROCESS_NAME: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  RUN_WORKER: flag.default(true),
  RUN_CHORES: flag.default(true),
  TASK_CLEANUP_DAYS: whole(0, 36_500).default(0),
  BIN_DAYS: whole(0, 36_500).default(30),
  BIN_MAX_MB: whole(0, 1_000_000_000).default(0),
  FILE_NAME_TEMPLATE: FileNameTemplate.default(DEFAULT_FILE_NAME_TEMPLATE),
  CAPTION_URL: z.string().refine(isHttpUrl).optional(),
  CAPTION_KEY: z.string().min(1).optional(),
  CAPTION_MODEL: z.string().min(1).max(200).optional(),
  TRAIN_COMMAND: commandLine.optional(),
  TRAIN_COMMAND_FAMILY: loraFamilies.default(['flux2-klein']),
  TRAIN_COMMAND_RESULT: namePattern.default('*.safetensors'),
  TRAIN_COMMAND_RESUME: namePattern.optional(),
  TRAIN_COMMAND_DEVICE: z.string().min(1).max(40).default('gpu 0'),
  TRAIN_MIN_FREE_MB: whole(0, 100_000_000).default(2048),
  TRAIN_MODELS_DIRS: list.default([]),
  AI_TOOLKIT_DIR: z.string().min(1).optional(),
  AI_TOOLKIT_PYTHON: z.string().min(1).optional(),
  KOHYA_DIR: z.string().min(1).optional(),
  KOHYA_PYTHON: z.string().min(1).optional(),
  MUSUBI_DIR: z.string().min(1).optional(),
  MUSUBI_PYTHON: z.string().min(1).optional(),
  MFLUX_TRAIN: z.string().min(1).default('mflux-train'),
  DRAIN_SECONDS: whole(0, 3600).default(0),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().refine(isHttpUrl).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headerList.default({}),
  OTEL_SERVICE_NAME: z.string().min(1).default('limner'),
  METRICS_PORT: whole(0, 65535).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

/** Paths of an installation; they differ between the bundle and the tests. */
export interface Layout {
  version: string;
  /** Folder of the built web app; null if it is not built. */
  webDir: string | null;
  /** Weights and licences that ship with the product. */
  modelsDir: string;
  /** Entry file of the embedded engines' child process. */
  embeddedEntry: string;
  /** Entry file of the thread that writes files. */
  fileThreadEntry: string;
  /** Entry file of the process that decodes one large picture. */
  pictureEntry: string;
  /** Entry file of the process that keeps a trainer's program. */
  keeperEntry: string;
}

export interface Config extends Layout {
  host: string;
  port: number;
  publicBind: boolean;
  allowedHosts: string[];
  corsOrigins: string[];
  /** Addresses whose `X-Forwarded-For` is trusted. */
  trustedProxies: string[];
  /** Path below which browsers find Limner, such as `/limner`; empty: at the root. */
  basePath: string;
  webhooksToPrivateAddresses: boolean;
  rateLimitPerMinute: number;
  dataDir: string;
  database: DatabaseAddress;
  /** Only with Postgres; null: processes hear of each other through the database. */
  redisUrl: string | null;
  /** How buckets are reached. */
  s3Access: S3Access;
  /** Where the files lie; null: in the data folder. */
  s3: S3Place | null;
  /** Where browsers load files themselves: from signed addresses of the bucket, or below this address; null: from Limner. */
  blobsPublicUrl: string | null;
  comfyUrls: string[];
  /** A folder of LoRAs of this machine that ComfyUI servers read too; null: none. */
  comfyLoraDir: string | null;
  comfyTimeoutMs: number;
  flux: { unet: string; clipL: string; t5xxl: string; vae: string; controlnet: string };
  maxFileSizeBytes: number;
  /** Of a ZIP archive with the pictures of a data set. */
  maxArchiveBytes: number;
  maxPixels: number;
  /** Tasks at once per lane; null: `TASKS_AT_ONCE`, or as many as the lane's engine has slots. */
  maxConcurrentTasks: number | null;
  maxQueuedTasks: number;
  /** Unique among the processes that share a Postgres database; null: chosen automatically. */
  processName: string | null;
  /** False: only other processes paint. */
  runWorker: boolean;
  /** False: this process does no clean-up. */
  runChores: boolean;
  /** 0: every picture is kept. */
  cleanupDays: number;
  /** Days that deleted items are kept; 0: they are removed at once. */
  binDays: number;
  /** The oldest deleted items are removed beyond this size; null: no limit. */
  binMaxBytes: number | null;
  /** Names saved pictures unless the settings have a template. */
  fileNameTemplate: string;
  /** The model that writes captions of data sets; null: none. */
  captioner: { url: string; key: string | null; model: string } | null;
  /** The trainer `command`. */
  trainCommand: CommandSettings;
  /** Trainings by programs stop before less than this is free on the disk. */
  trainMinFreeBytes: number;
  /** Folders of model files that trainers of this machine can take, such as ComfyUI's `models`. */
  trainModelsDirs: string[];
  aiToolkit: ProgramPlace;
  kohya: ProgramPlace;
  musubi: ProgramPlace;
  /** A path, or a name in `searchPath`. */
  mfluxTrain: string;
  /** Of this environment, what a trainer's program gets. */
  programEnv: Readonly<Record<string, string>>;
  /** How long a process that was asked to stop goes on with what it has, and is not ready for more. */
  drainMs: number;
  /** Where traces are sent; null: nowhere. */
  traces: { endpoint: string; headers: Record<string, string>; service: string } | null;
  /** Where `/metrics`, `/healthz` and `/readyz` are offered beside the studio; null: nowhere. */
  metrics: { host: string; port: number } | null;
  logLevel: string;
  /** Folders in which programs lie, as PATH has them. */
  searchPath: string;
}

/** Where a trainer that is a folder of Python scripts lies. */
export interface ProgramPlace {
  /** null: it is not configured. */
  folder: string | null;
  /** A path, or a name in PATH; null: the Python of the folder's virtual environment. */
  python: string | null;
}

export type Environ = Record<string, string | undefined>;

/** @throws StartProblem naming every variable at fault. */
export function readConfig(layout: Layout, environ: Environ = process.env): Config {
  const parsed = Environment.safeParse(givenIn(environ), { reportInput: true });
  if (!parsed.success) throw mistaken(mistakesIn(environ));
  const env = parsed.data;
  const publicBind = !isLoopback(env.HOST);
  if (publicBind && !env.PUBLIC_WITHOUT_ACCOUNTS) {
    throw new StartProblem({
      en: `HOST is "${env.HOST}", which other machines can reach, and Limner has no accounts. Set PUBLIC_WITHOUT_ACCOUNTS=true if everybody who reaches it may use it, or HOST=127.0.0.1.`,
      zh: `HOST 为“${env.HOST}”，其他机器可以访问，而 Limner 没有账号。若所有能访问的人都可使用，请设 PUBLIC_WITHOUT_ACCOUNTS=true，否则设 HOST=127.0.0.1。`,
    });
  }
  const dataDir = folderAt(env.LIMNER_DATA_DIR);
  const s3Access = s3AccessOf(env, environ);
  const database = databaseAt(env.DATABASE_URL ?? databaseIn(dataDir));
  if (env.REDIS_URL !== undefined && database.dialect === 'sqlite') throw redisNeedsPostgres();
  return {
    ...layout,
    host: env.HOST,
    port: env.PORT,
    publicBind,
    allowedHosts: env.ALLOWED_HOSTS,
    corsOrigins: env.CORS_ORIGINS,
    trustedProxies: env.TRUSTED_PROXIES,
    basePath: env.BASE_PATH,
    webhooksToPrivateAddresses: env.WEBHOOKS_TO_PRIVATE_ADDRESSES,
    rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
    dataDir,
    database,
    redisUrl: env.REDIS_URL ?? null,
    s3Access,
    s3: s3PlaceOf(env, s3Access),
    blobsPublicUrl: env.BLOBS_PUBLIC_URL?.replace(/\/$/, '') ?? null,
    comfyUrls: env.COMFYUI_URL,
    comfyLoraDir: env.COMFYUI_LORA_DIR === undefined ? null : folderAt(env.COMFYUI_LORA_DIR),
    comfyTimeoutMs: env.COMFYUI_TIMEOUT * 1000,
    flux: {
      unet: env.FLUX_UNET,
      clipL: env.FLUX_CLIP_L,
      t5xxl: env.FLUX_T5XXL,
      vae: env.FLUX_VAE,
      controlnet: env.FLUX_CONTROLNET,
    },
    maxFileSizeBytes: env.MAX_FILE_SIZE,
    maxArchiveBytes: env.MAX_ARCHIVE_MB * 1024 ** 2,
    maxPixels: env.MAX_MEGAPIXELS * 1_000_000,
    maxConcurrentTasks: env.MAX_CONCURRENT_TASKS ?? null,
    maxQueuedTasks: env.MAX_QUEUED_TASKS,
    processName: env.LIMNER_PROCESS_NAME ?? null,
    runWorker: env.RUN_WORKER,
    runChores: env.RUN_CHORES,
    cleanupDays: env.TASK_CLEANUP_DAYS,
    binDays: env.BIN_DAYS,
    binMaxBytes: env.BIN_MAX_MB > 0 ? env.BIN_MAX_MB * 1024 ** 2 : null,
    fileNameTemplate: env.FILE_NAME_TEMPLATE,
    captioner:
      env.CAPTION_URL && env.CAPTION_MODEL
        ? { url: env.CAPTION_URL, key: env.CAPTION_KEY ?? null, model: env.CAPTION_MODEL }
        : null,
    trainCommand: {
      line: env.TRAIN_COMMAND ?? null,
      families: env.TRAIN_COMMAND_FAMILY,
      result: env.TRAIN_COMMAND_RESULT,
      resume: env.TRAIN_COMMAND_RESUME ?? null,
      device: env.TRAIN_COMMAND_DEVICE,
    },
    trainMinFreeBytes: env.TRAIN_MIN_FREE_MB * 1024 ** 2,
    trainModelsDirs: env.TRAIN_MODELS_DIRS.map(folderAt),
    aiToolkit: placeOf(env.AI_TOOLKIT_DIR, env.AI_TOOLKIT_PYTHON),
    kohya: placeOf(env.KOHYA_DIR, env.KOHYA_PYTHON),
    musubi: placeOf(env.MUSUBI_DIR, env.MUSUBI_PYTHON),
    mfluxTrain: env.MFLUX_TRAIN,
    programEnv: programEnvironment(environ),
    drainMs: env.DRAIN_SECONDS * 1000,
    traces:
      env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : {
            endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
            headers: env.OTEL_EXPORTER_OTLP_HEADERS,
            service: env.OTEL_SERVICE_NAME,
          },
    metrics: env.METRICS_PORT === undefined ? null : { host: env.METRICS_HOST, port: env.METRICS_PORT },
    logLevel: env.LOG_LEVEL,
    searchPath: environ.PATH ?? environ.Path ?? '',
  };
}

/** @throws StartProblem for half of the keys */
function s3AccessOf(env: z.output<typeof Environment>, environ: Environ): S3Access {
  const { S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret, S3_ENDPOINT: endpoint } = env;
  if ((id === undefined) !== (secret === undefined)) throw halfKeys();
  return {
    endpoint: endpoint ?? null,
    region: env.S3_REGION ?? environ.AWS_REGION ?? environ.AWS_DEFAULT_REGION ?? 'us-east-1',
    keys: id !== undefined && secret !== undefined ? { id, secret } : null,
    forcePathStyle: env.S3_FORCE_PATH_STYLE ?? hasNoSubdomains(endpoint),
  };
}

/** @throws StartProblem for links to a bucket that there is not */
function s3PlaceOf(env: z.output<typeof Environment>, access: S3Access): S3Place | null {
  const place = env.BLOBS_URL === undefined ? null : readS3Url(env.BLOBS_URL);
  if (!place && env.BLOBS_PUBLIC_URL !== undefined) throw publicWithoutBucket();
  return place && { ...place, ...access };
}

/** An address, or a name of a local network: no bucket has a name below it. */
function hasNoSubdomains(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false;
  const { hostname } = new URL(endpoint);
  return !hostname.includes('.') || isIP(hostname) !== 0;
}

const publicWithoutBucket = (): StartProblem =>
  new StartProblem({
    en: 'BLOBS_PUBLIC_URL is for files in a bucket. Set BLOBS_URL=s3://…, or remove BLOBS_PUBLIC_URL.',
    zh: 'BLOBS_PUBLIC_URL 用于存储桶中的文件。请设置 BLOBS_URL=s3://…，或去掉 BLOBS_PUBLIC_URL。',
  });

const halfKeys = (): StartProblem =>
  new StartProblem({
    en: 'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together. Set both, or neither to use the keys of the AWS environment.',
    zh: 'S3_ACCESS_KEY_ID 与 S3_SECRET_ACCESS_KEY 须同时设置；若要使用 AWS 环境的密钥，请都不设置。',
  });

const redisNeedsPostgres = (): StartProblem =>
  new StartProblem({
    en: 'REDIS_URL connects several processes, and SQLite is for one process, which needs no Redis. Remove REDIS_URL, or set DATABASE_URL=postgres://….',
    zh: 'REDIS_URL 用于连接多个进程，而 SQLite 只供一个进程使用，无需 Redis。请去掉 REDIS_URL，或设置 DATABASE_URL=postgres://…。',
  });

const placeOf = (folder: string | undefined, python: string | undefined): ProgramPlace => ({
  folder: folder === undefined ? null : folderAt(folder),
  python: python === undefined ? null : programAt(python),
});

/** A path is made absolute; a name is looked up in PATH. */
const programAt = (text: string): string => (/[/\\~]/.test(text) ? folderAt(text) : text);

/** Of a text as in DATABASE_URL; null: it is no address of a database. */
export const databaseAddress = (text: string): DatabaseAddress | null =>
  isDatabaseUrl(text) ? databaseAt(text) : null;

const databaseAt = (url: string): DatabaseAddress =>
  isPostgresUrl(url)
    ? { dialect: 'postgres', url }
    : { dialect: 'sqlite', file: url.replace(/^(sqlite:|file:)(\/\/)?/, '') };

/** The language of the terminal. */
export const shellLanguage = (environ: Environ = process.env): Language => localeLanguage(environ);

export const processEnviron = (): Environ => process.env;

/** An empty variable, as compose files leave them, is an absent one. */
export const givenIn = (environ: Environ): Environ =>
  Object.fromEntries(Object.entries(environ).filter(([, value]) => value !== undefined && value !== ''));

export const folderAt = (text: string): string => path.resolve(text.replace(/^~(?=$|[/\\])/, os.homedir()));

export const databaseIn = (dataDir: string): string => `sqlite:${path.join(dataDir, 'limner.db')}`;

export interface Mistake {
  name: string;
  value: string;
  reason: Bilingual;
}

export function mistakesIn(environ: Environ): Mistake[] {
  const given = givenIn(environ);
  const issues: Issue[] = Environment.safeParse(given, { reportInput: true }).error?.issues ?? [];
  const names = new Set(issues.map(({ path }) => String(path[0])));
  return [...names].map((name) => {
    const issue = firstIssue(issues.filter(({ path }) => path[0] === name));
    return { name, value: shown(name, given[name]), reason: EXPECTED[name] ?? reasonOf(issue) };
  });
}

const mistaken = (mistakes: Mistake[]): StartProblem =>
  new StartProblem({
    en: mistakes.map(({ name, value, reason }) => `${name} is "${value}": it ${reason.en}.`).join('\n'),
    zh: mistakes.map(({ name, value, reason }) => `${name} 为“${value}”：${reason.zh}。`).join('\n'),
  });

/** Without passwords and tokens, because logs keep what is printed at a start. */
export const shown = (name: string, value = ''): string =>
  SECRETS.has(name)
    ? '…'
    : // Up to the last @: a password that is not percent-encoded may have some of its own.
      value.replace(/\/\/[^\s,]*@/g, '//…@').replace(/([?&](?:token|key|password)=)[^&\s,]*/gi, '$1…');

const SECRETS = new Set([
  'CAPTION_KEY',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'OTEL_EXPORTER_OTLP_HEADERS',
]);

/** Reasons that a schema cannot express. */
const EXPECTED: Record<string, Bilingual> = {
  CORS_ORIGINS: {
    en: 'must be origins such as https://art.example, separated by commas, or *',
    zh: '必须是以逗号分隔的来源，例如 https://art.example，或 *',
  },
  TRUSTED_PROXIES: {
    en: 'must be addresses or networks such as 10.0.0.7 or 172.16.0.0/12, separated by commas',
    zh: '必须是以逗号分隔的地址或网段，例如 10.0.0.7 或 172.16.0.0/12',
  },
  BASE_PATH: {
    en: 'must be a path such as /limner, of letters, digits, hyphens and dots, and must not begin with a path of Limner itself such as /api',
    zh: '必须是 /limner 这样的路径，只含字母、数字、连字符和点，且不能以 Limner 自身的路径（如 /api）开头',
  },
  ALLOWED_HOSTS: {
    en: 'must be host names such as art.example, without http://, separated by commas, or *',
    zh: '必须是以逗号分隔的主机名，例如 art.example（不带 http://），或 *',
  },
  COMFYUI_URL: {
    en: 'must be http:// or https:// addresses separated by commas, or none',
    zh: '必须是以逗号分隔的 http:// 或 https:// 地址，或 none',
  },
  LIMNER_PROCESS_NAME: {
    en: 'must be 1 to 64 letters, digits, dots, hyphens or underscores',
    zh: '必须是 1 到 64 个字母、数字、点、连字符或下划线',
  },
  TRAIN_COMMAND: {
    en: 'must be a JSON array of texts such as ["python", "/opt/trainer/train.py", "--config", "{config}"], with known placeholders in braces',
    zh: '必须是由文本组成的 JSON 数组，例如 ["python", "/opt/trainer/train.py", "--config", "{config}"]，花括号中只能是已知的占位符',
  },
  TRAIN_COMMAND_FAMILY: {
    en: 'must be ids of model families whose LoRAs Limner reads, such as flux2-klein, z-image, qwen-image or sdxl, separated by commas',
    zh: '必须是 Limner 能读取其 LoRA 的模型 id，例如 flux2-klein、z-image、qwen-image 或 sdxl，以逗号分隔',
  },
  TRAIN_COMMAND_RESULT: {
    en: 'must be a name below the output folder such as *.safetensors or checkpoints/*.safetensors',
    zh: '必须是输出目录下的文件名，例如 *.safetensors 或 checkpoints/*.safetensors',
  },
  TRAIN_COMMAND_RESUME: {
    en: 'must be a name below the output folder such as *-state',
    zh: '必须是输出目录下的名称，例如 *-state',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    en: 'must be the http:// or https:// address of an OpenTelemetry collector, such as http://127.0.0.1:4318',
    zh: '必须是 OpenTelemetry 收集器的 http:// 或 https:// 地址，例如 http://127.0.0.1:4318',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    en: 'must be name=value pairs separated by commas',
    zh: '必须是以逗号分隔的 名称=值',
  },
  DATABASE_URL: {
    en: 'must be sqlite: or file: and the path of a file, or postgres://user:password@host:5432/database, with @ : / # % in the password percent-encoded (@ as %40)',
    zh: '必须是 sqlite: 或 file: 加文件路径，或 postgres://用户:密码@主机:5432/数据库；密码中的 @ : / # % 须作百分号编码（@ 写作 %40）',
  },
  BLOBS_URL: {
    en: 'must be s3://bucket or s3://bucket/prefix, of letters, digits, dots, hyphens and underscores',
    zh: '必须是 s3://存储桶 或 s3://存储桶/前缀，只含字母、数字、点、连字符和下划线',
  },
  BLOBS_PUBLIC_URL: {
    en: 'must be signed, or the http:// or https:// address below which browsers find the files',
    zh: '必须是 signed，或浏览器可以找到文件的 http:// 或 https:// 地址',
  },
  S3_ENDPOINT: {
    en: 'must be an address such as https://minio.example:9000',
    zh: '必须是 https://minio.example:9000 这样的地址',
  },
  S3_REGION: {
    en: 'must be the name of a region such as eu-central-1',
    zh: '必须是区域名称，例如 eu-central-1',
  },
  REDIS_URL: {
    en: 'must be redis://user:password@host:6379/0, or rediss:// for TLS, with @ : / # % in the password percent-encoded (@ as %40)',
    zh: '必须是 redis://用户:密码@主机:6379/0，使用 TLS 时为 rediss://；密码中的 @ : / # % 须作百分号编码（@ 写作 %40）',
  },
};
