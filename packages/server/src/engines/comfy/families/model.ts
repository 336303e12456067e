/**
 * A model as data. `model-family.ts` makes a family of it: the form from its numbers, the graph from its files and its
 * few own nodes. Everything else is the same for all models.
 */
import type { Bilingual, ControlType, Family, FrameRecipe, GenerationType, Size } from '@limner/contract';
import type { GraphBuilder, GraphInput, Link, NodeRef } from '../graph.ts';
import type { ModelFile } from '../published-file.ts';
import type { ModelList, ServerInfo } from '../server-info.ts';
import type { UploadedInput, UploadedInputs } from './family.ts';
import type { SizeLimits } from './pictures.ts';
import type { Schedule } from './strength.ts';

/** A file of the server: the usual one, otherwise the first that matches. */
export interface FileRule {
  usual: string;
  /** Absent: only the usual one. */
  matches?: (file: string, info: ServerInfo) => boolean;
}

/** How a model runs if the request says nothing else. */
export interface Numbers {
  steps: number;
  /** 1: the model is distilled, and reads neither cfg nor a negative prompt. */
  cfg: number;
  /** Absent: the model has no such input. */
  guidance?: number;
}

/** Text encoder files and the `type` of their loader. */
export interface Encoders {
  type: string;
  files: readonly FileRule[];
}

/** One release of a model, with what differs between them. */
export interface Weights extends FileRule, Numbers {
  licence: string;
  encoders?: Encoders;
}

/** A LoRA for fewer steps. */
export interface SpeedLora extends Omit<Numbers, 'guidance'> {
  value: string;
  label: Bilingual;
  file: FileRule;
  /** Of a model of two files: the LoRA of the second. */
  second?: FileRule;
}

/** What a model's files give. */
export interface LoadedModel {
  model: Link;
  clip: Link;
  vae: Link;
  /** Of a model that makes sound. */
  audioVae?: Link;
}

/** What the conditioning and the sampler are linked to. */
export interface Conditioning {
  positive: Link;
  negative: Link;
}
export interface Links extends Conditioning {
  model: Link;
}

/** What the sampler starts from. */
export interface Canvas {
  latent: Link;
  size: Size;
  schedule: Schedule;
  /** For inpainting: only a part of the latent is painted. */
  isMasked: boolean;
}

/** One run of the sampler. */
export interface Pass {
  canvas: Canvas;
  links: Links;
}

/** A graph while it is built. */
export interface Painting {
  b: GraphBuilder;
  request: FrameRecipe;
  inputs: UploadedInputs;
  info: ServerInfo;
  model: Model;
  /** The model's file. */
  file: string;
  /** A LoRA for fewer steps, if one is used. */
  speed: SpeedLora | null;
  clip: Link;
  vae: Link;
  audioVae: Link | null;
  numbers: Numbers;
  /** Of an edit, then those for the style where it is taken by words; each once. */
  references: UploadedInput[];
  styles: StylePicture[];
  /** What the prompt nodes are given. */
  prompt: string;
}

export interface Control {
  types: readonly ControlType[];
  /** Suggested in the form. */
  strength: number;
  /** False: it acts from the first step to the last. */
  hasRange: boolean;
  file(info: ServerInfo): string;
  apply(p: Painting, links: Links, size: Size, control: NonNullable<FrameRecipe['controlnet']>): Links;
  /** What it cannot do with the file that the server would load, and the file that can. */
  lacks?(type: ControlType): { file: string; cure: Bilingual } | null;
}

/** A picture of a request whose style is taken. */
export interface StylePicture {
  input: UploadedInput;
  strength: number;
}

/** One way of a model to take the style of pictures. */
export interface StyleWay {
  /** By which a request chooses it, where a model has several. */
  value: string;
  label: Bilingual;
  /** Suggested in the form; absent: it reads no strength, for this reason. */
  strength?: number;
  noStrength?: Bilingual;
  /** The pictures are references, which these words at the end of the prompt call style; counted from 1. */
  words?(prompt: string, numbers: number[]): string;
  apply?(p: Painting, links: Links): Links;
}

/** A node that takes the model and gives it back changed. */
export interface Patch {
  classType: string;
  title: string;
  fields: Record<string, GraphInput>;
}

export interface Model {
  id: string;
  kind: 'generation' | 'edit' | 'video';
  label: string;
  description: Bilingual;
  types: readonly GenerationType[];
  size: SizeLimits;
  /** Of a video model. */
  video?: NonNullable<Family['video']>;
  /** The most reference pictures of an edit, with those for the style. */
  references?: number;
  /** Whether the user chooses how several references are joined. */
  hasReferenceMode?: boolean;
  /** The first ComfyUI that can load it, where older ones have all of its nodes. */
  since?: string;
  /** The folders its files lie in. */
  lists: readonly ModelList[];
  /** Names say too little: every file of the folders is offered. */
  offersAll?: boolean;
  /** The preferred release first; a server's file decides which one runs. */
  weights: readonly [Weights, ...Weights[]];
  /** Its files, and those it shares with models that come later in the list: where they are published. */
  published?: readonly ModelFile[];
  /** A file that the operator named: taken unless a request names another. Absent: any release that the server has. */
  default?: string;
  encoders: Encoders | null;
  vae: FileRule | null;
  /** LoRAs of this model also change the text encoder. */
  hasClipLoras?: boolean;
  /** Of a model of two files: false for a LoRA that is only for the second. */
  takesLora?: (name: string) => boolean;
  speeds?: readonly SpeedLora[];
  mostSteps: number;
  /** Why the number of steps has no effect. */
  fixedSteps?: Bilingual;
  /** Where inpainting needs more. */
  inpaintSteps?: number;
  sampler: string;
  /** Null: the model has a schedule of its own. */
  scheduler: string | null;
  /** Null: the model does not paint over pictures with a strength. */
  strength: { img2img: number; inpaint: number } | null;
  /** It paints layers: how many if the request does not say. */
  layers?: number;
  /** Null: it always starts from what `compose` returns. */
  emptyLatent:
    | 'EmptySD3LatentImage'
    | 'EmptyLatentImage'
    | 'EmptyFlux2LatentImage'
    | 'EmptyQwenImageLayeredLatentImage'
    | null;
  patches?: readonly Patch[];
  control?: Control;
  /** Absent: it takes no style pictures. */
  style?: { most: number; ways: readonly [StyleWay, ...StyleWay[]] };
  /** A negative prompt that its makers recommend; absent: the studio's. */
  negative?: string;
  /** Why guidance has no effect. */
  noGuidance?: Bilingual;
  /** How the summary calls the model; absent: by its label. */
  nameInSummary?: (file: string) => Bilingual;

  /** Instead of loaders for model, text encoders and VAE. */
  load?(b: GraphBuilder, file: string, info: ServerInfo): LoadedModel;
  /** Instead of the prompt's two text nodes. */
  prompts?(p: Painting): Conditioning;
  /** Adds the reference pictures to the conditioning. */
  attach?(p: Painting, conditioning: Conditioning): Conditioning;
  /** The size of an edit; absent: the first reference's shape. */
  sizeOf?(request: FrameRecipe, first: UploadedInput | undefined): Size;
  /** Instead of an empty latent, a painted-over picture or a masked one. */
  compose?(p: Painting, links: Links): { canvas: Canvas; links: Links };
  /** Instead of a KSampler: the node whose first output is the painted latent. */
  sample?(p: Painting, links: Links, canvas: Canvas): NodeRef;
  /** Instead of a VAEDecode: the pictures of a painted latent, and the sound of a video. */
  decode?(p: Painting, links: Links, sampled: NodeRef): { images: Link; audio?: Link };
}

/** A matching rule by the file's name. */
export const named =
  (pattern: RegExp): NonNullable<FileRule['matches']> =>
  (file) =>
    pattern.test(file);
