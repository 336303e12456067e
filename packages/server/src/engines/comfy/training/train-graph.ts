/**
 * The graph of a training by ComfyUI's own nodes. Their inputs differ by version, so each input that the server declares is
 * filled: with ours, or with the server's default.
 */
import type { Missing } from '@limner/contract';
import { planOf } from '../families/files.ts';
import { loadModel } from '../families/loaders.ts';
import type { Model } from '../families/model.ts';
import { sampleRequest } from '../families/sample-request.ts';
import { type Graph, GraphBuilder, type GraphInput, type Link } from '../graph.ts';
import { missingFor, missingNode, tooOldFor } from '../preflight.ts';
import { hasNode, type InputInfo, type ServerInfo } from '../server-info.ts';
import { baseFile, type TrainedModel } from './trained-models.ts';

export interface TrainSettings {
  steps: number;
  learningRate: number;
  rank: number;
  seed: number;
  /** Moves the model's weights to memory while they are not used; only newer versions can. */
  offloading: boolean;
  /** A file that the request names, or empty. */
  base: string;
}

export interface TrainGraph {
  graph: Graph;
  /** The node that takes the steps. */
  trainNode: string;
}

export interface TrainFiles {
  /** Below the server's input folder: pictures with captions beside them. */
  folder: string;
  /** Below the server's output folder: what the LoRA's file is called. */
  prefix: string;
}

const LOADER = 'LoadImageTextDataSetFromFolder';
const TRAIN = 'TrainLoraNode';
const NODES = [TRAIN, 'SaveLoRA', LOADER, 'MakeTrainingDataset'];

/** What a server lacks to train a model with these settings; empty: it can. */
export function lackedForTraining(
  trained: TrainedModel,
  model: Model,
  settings: Pick<TrainSettings, 'base'>,
  info: ServerInfo,
): Missing[] {
  const old = tooOldFor({ label: TRAINING, since: trained.since }, info);
  // Before 0.3.76 the nodes had other names, told no steps and could not be stopped.
  const nodes = hasNode(info, 'SaveLoRANode')
    ? [NODES[1] ?? '']
    : NODES.filter((node) => !hasNode(info, node));
  const lacked = [...old, ...nodes.map((node) => missingNode(node, info))];
  const base = baseFile(trained, model, settings.base, info);
  if ('missing' in base) return [...lacked, base.missing];
  if (lacked.length > 0) return lacked;
  const { graph } = trainGraph(trained, model, { ...ANY, ...settings }, SAMPLE, info);
  // The folder is not there yet.
  const kept = Object.entries(graph).filter(([, { class_type }]) => class_type !== LOADER);
  return missingFor(Object.fromEntries(kept), info);
}
const TRAINING = 'Training';
const ANY: TrainSettings = { steps: 100, learningRate: 1e-4, rank: 16, seed: 0, offloading: false, base: '' };
const SAMPLE: TrainFiles = { folder: 'limner', prefix: 'loras/limner/training' };

/** Called only where nothing is lacked. */
export function trainGraph(
  trained: TrainedModel,
  model: Model,
  settings: TrainSettings,
  files: TrainFiles,
  info: ServerInfo,
): TrainGraph {
  const base = baseFile(trained, model, settings.base, info);
  if ('missing' in base) throw new Error(`no file of ${model.id} to train`);
  const b = new GraphBuilder();
  const asked = sampleRequest('generation', model.id);
  const plan = planOf(model, { ...asked, params: { model: base.file } }, info);
  const loaded = loadModel(b, model, plan, info);
  const pictures = b.add(LOADER, 'pictures and captions', { folder: files.folder });
  const { vae, clip } = loaded;
  const set = b.add('MakeTrainingDataset', 'encode', {
    ...{ images: pictures.out(0), texts: pictures.out(1), vae, clip },
  });
  const positive =
    trained.guidance === undefined
      ? set.out(1)
      : b.add('FluxGuidance', 'guidance', { conditioning: set.out(1), guidance: trained.guidance }).out();
  const links = { model: loaded.model, latents: set.out(0), positive };
  const train = b.add(TRAIN, 'train', trainInputs(links, settings, info));
  const lora = train.out(outputOf('LORA_MODEL', info));
  b.add('SaveLoRA', 'save LoRA', { lora, prefix: files.prefix });
  return { graph: b.graph, trainNode: train.id };
}

function trainInputs(
  links: Record<string, Link>,
  { steps, learningRate: learning_rate, rank, seed, offloading }: TrainSettings,
  info: ServerInfo,
): Record<string, GraphInput> {
  const ours: Record<string, GraphInput> = { ...links, steps, learning_rate, rank, seed, offloading };
  const declared = Object.entries(info.nodes.get(TRAIN)?.inputs ?? {});
  const filled = declared.flatMap(([name, spec]): [string, GraphInput][] => {
    const value = ours[name] ?? usualOf(spec);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(filled);
}

const usualOf = ({ default: usual, choices }: InputInfo): GraphInput | undefined => usual ?? choices?.[0];

/** Versions order their outputs differently. */
const outputOf = (type: string, info: ServerInfo): number =>
  Math.max(0, info.nodes.get(TRAIN)?.outputs.indexOf(type) ?? 0);
