/** The style of pictures for FLUX.1: Redux adds tokens of a picture to the prompt, USO changes the model. */
import type { GraphBuilder, Link } from '../graph.ts';
import { type ModelFile, repacked, unpacked } from '../published-file.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import { chosenFile } from './files.ts';
import { APACHE, FLUX_DEV } from './licences.ts';
import { type FileRule, type Model, named, type Painting, type StyleWay } from './model.ts';
import { loadPicture } from './pictures.ts';

const SIGLIP: FileRule = {
  usual: 'sigclip_vision_patch14_384.safetensors',
  matches: named(/sig(clip|lip)(?!.*naflex)/i),
};
const REDUX: FileRule = { usual: 'flux1-redux-dev.safetensors', matches: named(/redux/i) };
const USO_LORA: FileRule = {
  usual: 'uso-flux1-dit-lora-v1.safetensors',
  matches: named(/(^|[\\/])uso[-_].*lora/i),
};
const USO_PROJECTOR: FileRule = {
  usual: 'uso-flux1-projector-v1.safetensors',
  matches: named(/(^|[\\/])uso[-_].*projector/i),
};

export const STYLE_FILES: readonly ModelFile[] = [
  unpacked('black-forest-labs/FLUX.1-Redux-dev', 'style_models', REDUX.usual, FLUX_DEV),
  unpacked('Comfy-Org/sigclip_vision_384', 'clip_vision', SIGLIP.usual, APACHE, 0.857),
  repacked('USO_1.0_Repackaged', 'loras', USO_LORA.usual),
  repacked('USO_1.0_Repackaged', 'model_patches', USO_PROJECTOR.usual),
];

const redux: StyleWay = {
  value: 'redux',
  label: { en: 'Redux', zh: 'Redux' },
  // At 1 the picture outweighs the words.
  strength: 0.4,
  apply(p, links) {
    const { b, info } = p;
    const file = chosenFile(REDUX, modelsOf(info, 'style_models'), info);
    const style_model = b.add('StyleModelLoader', 'style model', { style_model_name: file }).out();
    const seen = seenPictures(p);
    const positive = p.styles.reduce((conditioning, { strength }, i) => {
      const clip_vision_output = seen(i);
      const fields = { conditioning, style_model, clip_vision_output, strength, strength_type: 'multiply' };
      return b.add('StyleModelApply', `style of picture ${i + 1}`, fields).out();
    }, links.positive);
    return { ...links, positive };
  },
};

const uso: StyleWay = {
  value: 'uso',
  label: { en: 'USO', zh: 'USO' },
  noStrength: {
    en: 'USO takes the whole style of a picture; it has no strength. Redux has one.',
    zh: 'USO 会采用图片的全部风格，没有强度可调；Redux 可以调节。',
  },
  apply(p, links) {
    const { b, info } = p;
    const lora_name = chosenFile(USO_LORA, modelsOf(info, 'loras'), info);
    const fields = { model: links.model, lora_name, strength_model: 1 };
    const start = b.add('LoraLoaderModelOnly', 'style LoRA', fields).out();
    const name = chosenFile(USO_PROJECTOR, modelsOf(info, 'model_patches'), info);
    const model_patch = b.add('ModelPatchLoader', 'style model', { name }).out();
    const seen = seenPictures(p);
    const model = p.styles.reduce<Link>((from, _, i) => {
      const fields = { model: from, model_patch, clip_vision_output: seen(i) };
      return b.add('USOStyleReference', `style of picture ${i + 1}`, fields).out();
    }, start);
    return { ...links, model };
  },
};

/** Adds the vision model, and returns what it sees of a style picture. */
function seenPictures({ b, info, styles }: Painting): (index: number) => Link {
  const clip_vision = loadVision(b, info);
  return (index) => {
    const { input } = styles[index] as Painting['styles'][number];
    const { image } = loadPicture(b, input, `style picture ${index + 1}`);
    return b.add('CLIPVisionEncode', 'see the style', { clip_vision, image, crop: 'center' }).out();
  };
}

function loadVision(b: GraphBuilder, info: ServerInfo): Link {
  const clip_name = chosenFile(SIGLIP, modelsOf(info, 'clip_vision'), info);
  return b.add('CLIPVisionLoader', 'vision model', { clip_name }).out();
}

const MOST = 4;

export const REDUX_STYLE: Model['style'] = { most: MOST, ways: [redux] };
/** USO was trained on FLUX.1 dev. */
export const REDUX_OR_USO_STYLE: Model['style'] = { most: MOST, ways: [redux, uso] };
