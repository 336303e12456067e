/**
 * Wan 2.2 14B: two files, of which the first paints while there is much noise and the second ends the work. Text and
 * pictures have files of their own, so they are two families.
 */
import type { Bilingual } from '@limner/contract';
import type { Link, NodeRef } from '../graph.ts';
import type { ModelFile } from '../published-file.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import { chosenFile } from './files.ts';
import { graphSeed } from './graph-seed.ts';
import { APACHE } from './licences.ts';
import { loadUnet } from './loaders.ts';
import { lorasOf, withLoras } from './loras.ts';
import { type FileRule, type Links, type Model, named, type Painting, type SpeedLora } from './model.ts';
import { conditionedFrames, emptyFrames, endsOf, latentFields } from './video-canvas.ts';
import { WAN, wanFile } from './wan-one.ts';

type Input = 't2v' | 'i2v';
const BOTH_NOISES = ['high', 'low'] as const;

/** LightX2V's LoRAs for four steps, one for each file. */
const lightX2v = (input: Input, version: string): SpeedLora => {
  const lora = (noise: string): FileRule => ({
    usual: `wan2.2_${input}_lightx2v_4steps_lora_${version}_${noise}_noise.safetensors`,
    matches: named(new RegExp(`wan[-_ ]?2[._]?2.*${input}.*light.*4[-_]?steps.*${noise}`, 'i')),
  });
  return {
    value: 'lightx2v-4',
    label: { en: 'LightX2V LoRAs, 4 steps', zh: 'LightX2V LoRA，4 步' },
    file: lora('high'),
    second: lora('low'),
    steps: 4,
    cfg: 1,
  };
};

const fileFor = (input: Input, noise: 'high' | 'low') =>
  named(new RegExp(`wan[-_ ]?2[._]?2(?=.*${input})(?=.*${noise})(?!.*(lora|ti2v|fun))`, 'i'));

/** The file for little noise that belongs to the chosen one. */
function secondFile(input: Input, file: string, info: ServerInfo): string {
  const usual = file.replace(/high/i, (high) => (high === 'high' ? 'low' : 'Low'));
  const listed = [...modelsOf(info, 'diffusion_models'), ...modelsOf(info, 'unet_gguf')];
  return chosenFile({ usual, matches: fileFor(input, 'low') }, listed, info);
}

/** LoRAs of Wan 2.2 are often pairs; others are for both files. */
const isForSecond = (name: string): boolean => /low[-_ ]?noise/i.test(name);
const isForFirst = (name: string): boolean => /high[-_ ]?noise/i.test(name);

function shifted({ b, speed }: Painting, model: Link): Link {
  return b.add('ModelSamplingSD3', 'sigma shift', { model, shift: speed ? 5 : 8 }).out();
}

function secondModel(p: Painting, input: Input): Link {
  const { b, info, request, speed } = p;
  const loras = modelsOf(info, 'loras');
  const quick = speed?.second ? [{ name: chosenFile(speed.second, loras, info), weight: 1 }] : [];
  const own = lorasOf(request).filter(({ name }) => !isForFirst(name));
  const loaded = loadUnet(b, secondFile(input, p.file, info), 'model for little noise');
  return shifted(p, withLoras(b, loaded, [...quick, ...own], info));
}

/** Half of the steps with each file; the second one takes over the noise that the first has left. */
function sample(p: Painting, links: Links, latent: Link, input: Input): NodeRef {
  const { b, request, numbers } = p;
  const steps = Math.max(2, numbers.steps);
  const half = Math.floor(steps / 2);
  const common = {
    noise_seed: graphSeed(request.seed),
    steps,
    cfg: numbers.cfg,
    sampler_name: request.params.sampler ?? 'euler',
    scheduler: request.params.scheduler ?? 'simple',
    positive: links.positive,
    negative: links.negative,
  };
  const first = b.add('KSamplerAdvanced', 'sampler for much noise', {
    ...common,
    model: shifted(p, links.model),
    add_noise: 'enable',
    latent_image: latent,
    start_at_step: 0,
    end_at_step: half,
    return_with_leftover_noise: 'enable',
  });
  return b.add('KSamplerAdvanced', 'sampler for little noise', {
    ...common,
    model: secondModel(p, input),
    add_noise: 'disable',
    latent_image: first.out(),
    start_at_step: half,
    end_at_step: steps,
    return_with_leftover_noise: 'disable',
  });
}

const wan22Large = (
  input: Input,
  more: Pick<Model, 'id' | 'label' | 'compose'> & {
    description: Bilingual;
    types: NonNullable<Model['video']>['types'];
    speed: SpeedLora;
    published?: readonly ModelFile[];
  },
): Model => {
  const { types, speed, published = [], ...own } = more;
  return {
    ...WAN,
    ...own,
    video: {
      types,
      frames: { default: 81, min: 5, max: 81, step: 4 },
      fps: { default: 16, min: 8, max: 60 },
      sound: false,
    },
    size: { default: 832, default_height: 480, min: 256, max: 1280, step: 16 },
    vae: { usual: 'wan_2.1_vae.safetensors', matches: named(/wan[-_ ]?2[._]?1[-_]?vae/i) },
    weights: [
      {
        usual: `wan2.2_${input}_high_noise_14B_fp8_scaled.safetensors`,
        matches: fileFor(input, 'high'),
        ...{ steps: 20, cfg: 3.5, licence: APACHE },
      },
    ],
    published: [
      ...BOTH_NOISES.map((noise) =>
        wanFile('diffusion_models', `wan2.2_${input}_${noise}_noise_14B_fp8_scaled.safetensors`),
      ),
      ...[speed.file, speed.second ?? speed.file].map(({ usual }) => wanFile('loras', usual)),
      ...published,
    ],
    speeds: [speed],
    takesLora: (name) => !isForSecond(name),
    sampler: 'euler',
    sample: (p, links, { latent }) => sample(p, links, latent, input),
  };
};

export const wan22LargeText = wan22Large('t2v', {
  id: 'wan22-14b',
  label: 'Wan 2.2 14B',
  description: {
    en: 'Videos of five seconds from words, with better movement than the 5B model; free for commercial use. Twenty steps: with the LightX2V LoRAs under "speed" it takes four, without cfg and negative prompt.',
    zh: '由文字生成五秒视频，动作优于 5B 模型，可商用。默认二十步；在“加速”中选择 LightX2V LoRA 后只需四步，但 cfg 和反向提示词不再起作用。',
  },
  types: ['text_to_video'],
  speed: lightX2v('t2v', 'v1.1'),
  published: [wanFile('vae', 'wan_2.1_vae.safetensors')],
  compose: (p, links) => ({ canvas: emptyFrames(p, 'EmptyHunyuanLatentVideo'), links }),
});

export const wan22LargeImage = wan22Large('i2v', {
  id: 'wan22-14b-image',
  label: 'Wan 2.2 14B I2V',
  description: {
    en: 'Moves a start picture, or fills the time between a start and an end picture; free for commercial use. Twenty steps: with the LightX2V LoRAs under "speed" it takes four, without cfg and negative prompt.',
    zh: '让起始图动起来，或补全起始图与结束图之间的过程，可商用。默认二十步；在“加速”中选择 LightX2V LoRA 后只需四步，但 cfg 和反向提示词不再起作用。',
  },
  types: ['image_to_video', 'first_last'],
  speed: lightX2v('i2v', 'v1'),
  compose(p, links) {
    const { start, end } = endsOf(p);
    const ends = { ...(start ? { start_image: start } : {}), ...(end ? { end_image: end } : {}) };
    const { positive, negative } = links;
    const fields = { positive, negative, vae: p.vae, ...latentFields(p), ...ends };
    const node = p.b.add(end ? 'WanFirstLastFrameToVideo' : 'WanImageToVideo', 'frames', fields);
    return conditionedFrames(p, links, node);
  },
});
