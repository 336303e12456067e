/** The addresses of A1111's API, below /sdapi/v1, and of its ControlNet and Rembg extensions. */
import { z } from 'zod';
import { dialectRoute } from '../dialect.ts';
import { Base64, flag, Img2ImgBody, number, optional, Txt2ImgBody, text } from './generation-body.ts';
import { ExtrasFields } from './upscale-plan.ts';

/** Pictures of one request, of any size. */
const MOST_BATCH = 16;
const MOST_DETECTED = 8;
/** Pictures of the largest size for which a body has room. */
export const LARGE_PICTURES = 5;

const COMMON = { tag: 'a1111', allowed: 'user', status: 200 } as const;

const read = <const P extends string, S extends z.ZodType>(path: P, summary: string, response: S) =>
  dialectRoute({ ...COMMON, method: 'GET', path, summary, response });

const act = <const P extends string>(path: P, summary: string) =>
  dialectRoute({ ...COMMON, method: 'POST', path, summary, response: z.unknown() });

const send = <const P extends string, B extends z.ZodType, S extends z.ZodType>(
  path: P,
  summary: string,
  body: B,
  response: S,
) => dialectRoute({ ...COMMON, method: 'POST', path, summary, body, response });

const Painted = z.object({
  /** PNG as base64. */
  images: z.array(z.string()),
  /** The body, without its pictures. */
  parameters: z.record(z.string(), z.unknown()),
  /** JSON as text: what was painted. */
  info: z.string(),
});
const rows = z.array(z.record(z.string(), z.unknown()));
const anything = z.record(z.string(), z.unknown());
const Sent = z.object({ image: Base64 });

const BatchBody = ExtrasFields.extend({
  imageList: z
    .array(z.object({ data: Base64, name: text }))
    .min(1)
    .max(MOST_BATCH),
});
const DetectBody = z.object({
  controlnet_module: text,
  controlnet_input_images: z.array(Base64).min(1).max(MOST_DETECTED),
  controlnet_processor_res: number(z.number().int()),
});
const RembgBody = z.object({ input_image: Base64, model: text, return_mask: flag });
const InterrogateBody = z.object({ image: optional(z.string()), model: text });

/** As `modules/progress.py` has them. */
const InternalProgress = z.object({
  active: z.boolean(),
  queued: z.boolean(),
  completed: z.boolean(),
  progress: z.number().nullable(),
  /** Seconds. */
  eta: z.number().nullable(),
  /** A data URL. */
  live_preview: z.string().nullable(),
  id_live_preview: z.number().int(),
  textinfo: z.string().nullable(),
});
export type InternalProgress = z.infer<typeof InternalProgress>;
const PendingTasks = z.object({ size: z.number().int(), tasks: z.array(z.string()) });

export const routes = {
  txt2img: send(
    '/sdapi/v1/txt2img',
    'Make pictures of words; answered when they are finished',
    Txt2ImgBody,
    Painted,
  ),
  img2img: send(
    '/sdapi/v1/img2img',
    'Make pictures of a picture; answered when they are finished',
    Img2ImgBody,
    Painted,
  ),
  extraSingle: send(
    '/sdapi/v1/extra-single-image',
    'Enlarge a picture',
    ExtrasFields.extend(Sent.shape),
    anything,
  ),
  extraBatch: send('/sdapi/v1/extra-batch-images', 'Enlarge pictures', BatchBody, anything),
  pngInfo: send('/sdapi/v1/png-info', 'Read how a picture was made', Sent, anything),
  interrogate: send(
    '/sdapi/v1/interrogate',
    'Describe a picture, by the model that is configured for captions',
    InterrogateBody,
    z.unknown(),
  ),
  interrupt: act('/sdapi/v1/interrupt', 'Stop your own task that is painted'),
  skip: act('/sdapi/v1/skip', 'Leave out the picture that is painted'),
  stopGenerating: act('/sdapi/v1/stop-generating', 'Finish the picture that is painted and begin no other'),
  progress: dialectRoute({
    ...COMMON,
    method: 'GET',
    path: '/sdapi/v1/progress',
    summary: 'Progress of your own task',
    query: z.object({ skip_current_image: z.string().optional() }),
    response: anything,
  }),
  options: read('/sdapi/v1/options', 'Options, of which sd_model_checkpoint can be set', anything),
  setOptions: send(
    '/sdapi/v1/options',
    'Select a model; other options have no effect',
    optional(anything),
    z.null(),
  ),
  models: read('/sdapi/v1/sd-models', 'Families that can paint', rows),
  samplers: read('/sdapi/v1/samplers', 'Samplers', rows),
  schedulers: read('/sdapi/v1/schedulers', 'Schedulers', rows),
  upscalers: read('/sdapi/v1/upscalers', 'Upscalers', rows),
  latentModes: read('/sdapi/v1/latent-upscale-modes', 'Latent upscale modes', rows),
  vaes: read('/sdapi/v1/sd-vae', 'Empty: families choose their own', rows),
  modules: read('/sdapi/v1/sd-modules', 'Empty: families choose their own', rows),
  loras: read('/sdapi/v1/loras', 'LoRAs of the servers', rows),
  embeddings: read('/sdapi/v1/embeddings', 'Empty', anything),
  hypernetworks: read('/sdapi/v1/hypernetworks', 'Empty', rows),
  styles: read('/sdapi/v1/prompt-styles', 'Your styles', rows),
  faceRestorers: read('/sdapi/v1/face-restorers', 'Empty', rows),
  esrganModels: read('/sdapi/v1/realesrgan-models', 'Empty', rows),
  scripts: read('/sdapi/v1/scripts', 'controlnet, where a family follows one', anything),
  scriptInfo: read('/sdapi/v1/script-info', 'Empty', rows),
  extensions: read('/sdapi/v1/extensions', 'Empty', rows),
  cmdFlags: read('/sdapi/v1/cmd-flags', 'Empty', anything),
  memory: read('/sdapi/v1/memory', 'Memory of this machine', anything),
  refreshModels: act('/sdapi/v1/refresh-checkpoints', 'Read the files of the servers again'),
  refreshLoras: act('/sdapi/v1/refresh-loras', 'Read the files of the servers again'),
  refreshVae: act('/sdapi/v1/refresh-vae', 'Read the files of the servers again'),
  reloadModel: act('/sdapi/v1/reload-checkpoint', 'Without effect'),
  unloadModel: act('/sdapi/v1/unload-checkpoint', 'Without effect'),
  ping: read('/internal/ping', 'Answers', anything),
  internalProgress: send(
    '/internal/progress',
    'Progress of your own task, as the page of A1111 reads it',
    optional(z.object({ live_preview: flag })),
    InternalProgress,
  ),
  pendingTasks: read('/internal/pending-tasks', 'Your own tasks that have not ended', PendingTasks),
  controlVersion: read('/controlnet/version', 'Version of the ControlNet API', anything),
  controlModels: read('/controlnet/model_list', 'Controls', anything),
  controlModules: read('/controlnet/module_list', 'Preprocessors', anything),
  controlTypes: read('/controlnet/control_types', 'Controls and preprocessors by kind', anything),
  controlSettings: read('/controlnet/settings', 'Number of units', anything),
  detect: send('/controlnet/detect', 'What a ControlNet receives of pictures', DetectBody, anything),
  rembg: send('/rembg', 'Cut out what a picture shows', RembgBody, anything),
} as const;
