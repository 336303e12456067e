/** Loads a model, its text encoders and its VAE, with the loader that fits each file. */
import type { GraphBuilder, Link } from '../graph.ts';
import { listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import { chosenFile, type Plan } from './files.ts';
import type { Encoders, FileRule, LoadedModel, Model } from './model.ts';

const isGguf = (file: string): boolean => file.toLowerCase().endsWith('.gguf');

/** The file is a diffusion model (GGUF or safetensors), or an all-in-one checkpoint if the server lists it as one. */
export function loadModel(b: GraphBuilder, model: Model, plan: Plan, info: ServerInfo): LoadedModel {
  if (model.load) return model.load(b, plan.file, info);
  const encoders = plan.weights.encoders ?? model.encoders;
  const alone = [...modelsOf(info, 'unet_gguf'), ...modelsOf(info, 'diffusion_models')];
  const checkpoint = listedName(modelsOf(info, 'checkpoints'), plan.file);
  const isAllInOne = checkpoint !== undefined && listedName(alone, plan.file) === undefined;
  if (!encoders || !model.vae || isAllInOne) return loadCheckpoint(b, checkpoint ?? plan.file);
  return {
    model: loadUnet(b, listedName(alone, plan.file) ?? plan.file),
    clip: loadEncoders(b, encoders, info),
    vae: loadVae(b, model.vae, info),
  };
}

function loadCheckpoint(b: GraphBuilder, file: string): LoadedModel {
  const node = b.add('CheckpointLoaderSimple', 'checkpoint', { ckpt_name: file });
  return { model: node.out(0), clip: node.out(1), vae: node.out(2) };
}

export function loadUnet(b: GraphBuilder, file: string, title = 'model'): Link {
  return isGguf(file)
    ? b.add('UnetLoaderGGUF', title, { unet_name: file }).out()
    : b.add('UNETLoader', title, { unet_name: file, weight_dtype: 'default' }).out();
}

const loadVae = (b: GraphBuilder, rule: FileRule, info: ServerInfo): Link =>
  b.add('VAELoader', 'VAE', { vae_name: chosenFile(rule, modelsOf(info, 'vae'), info) }).out();

/**
 * The pack's loader reads .gguf encoders but not scaled fp8 ones, ComfyUI's own reads every .safetensors but no .gguf;
 * each also works beside the other kind of model.
 */
function loadEncoders(b: GraphBuilder, { type, files }: Encoders, info: ServerInfo): Link {
  const listed = [...modelsOf(info, 'text_encoders'), ...modelsOf(info, 'text_encoders_gguf')];
  const names = files.map((rule) => chosenFile(rule, listed, info));
  const gguf = names.some(isGguf);
  const classType = `${names.length === 2 ? 'Dual' : ''}CLIPLoader${gguf ? 'GGUF' : ''}`;
  const fields = names.map((name, i) => [names.length === 1 ? 'clip_name' : `clip_name${i + 1}`, name]);
  const title = names.length === 1 ? 'text encoder' : 'text encoders';
  return b
    .add(classType, title, { ...Object.fromEntries(fields), type, ...(gguf ? {} : { device: 'default' }) })
    .out();
}
