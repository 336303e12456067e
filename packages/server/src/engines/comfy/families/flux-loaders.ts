/** Loads a Flux model, its two text encoders and its VAE, with the loader that fits each file. */
import type { Params } from '@limner/contract';
import type { GraphBuilder, Link } from '../graph.ts';
import { listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import type { FluxFiles } from './family.ts';

export interface LoadedModel {
  model: Link;
  clip: Link;
  vae: Link;
}

/** Flux has its own guidance input: a cfg other than 1 would double the time and distort colours. */
export const fluxSampling = ({ sampler = 'euler', scheduler = 'simple' }: Params) => ({
  cfg: 1,
  sampler,
  scheduler,
});

const isGguf = (file: string): boolean => file.toLowerCase().endsWith('.gguf');

/** `unet` is a diffusion model (GGUF or safetensors), or an all-in-one checkpoint if the server lists it as one. */
export function loadFlux(b: GraphBuilder, files: FluxFiles, unet: string, info: ServerInfo): LoadedModel {
  const alone = [...modelsOf(info, 'unet_gguf'), ...modelsOf(info, 'diffusion_models')];
  const checkpoint = listedName(modelsOf(info, 'checkpoints'), unet);
  if (checkpoint && !listedName(alone, unet)) return loadCheckpoint(b, checkpoint);
  return {
    model: loadUnet(b, listedName(alone, unet) ?? unet),
    clip: loadEncoders(b, files, info),
    vae: b
      .add('VAELoader', 'VAE', { vae_name: listedName(modelsOf(info, 'vae'), files.vae) ?? files.vae })
      .out(),
  };
}

function loadCheckpoint(b: GraphBuilder, file: string): LoadedModel {
  const node = b.add('CheckpointLoaderSimple', 'checkpoint', { ckpt_name: file });
  return { model: node.out(0), clip: node.out(1), vae: node.out(2) };
}

function loadUnet(b: GraphBuilder, file: string): Link {
  return isGguf(file)
    ? b.add('UnetLoaderGGUF', 'model', { unet_name: file }).out()
    : b.add('UNETLoader', 'model', { unet_name: file, weight_dtype: 'default' }).out();
}

/**
 * The pack's loader reads .gguf encoders but not scaled fp8 ones, ComfyUI's own reads every .safetensors but no .gguf;
 * each also works beside the other kind of model.
 */
function loadEncoders(b: GraphBuilder, files: FluxFiles, info: ServerInfo): Link {
  const gguf = isGguf(files.clipL) || isGguf(files.t5xxl);
  const listed = modelsOf(info, gguf ? 'text_encoders_gguf' : 'text_encoders');
  const names = {
    clip_name1: listedName(listed, files.clipL) ?? files.clipL,
    clip_name2: listedName(listed, files.t5xxl) ?? files.t5xxl,
    type: 'flux',
  };
  return gguf
    ? b.add('DualCLIPLoaderGGUF', 'text encoders', names).out()
    : b.add('DualCLIPLoader', 'text encoders', { ...names, device: 'default' }).out();
}
