/** How words and reference pictures reach a model. */
import type { Link } from '../graph.ts';
import type { Conditioning, Painting } from './model.ts';
import { loadPicture, scaledTo, workingSize } from './pictures.ts';

/** Where the model never reads a negative prompt, its input gets an empty one at no cost. */
export function wordPrompts({ b, request, model, clip, numbers, prompt }: Painting): Conditioning {
  const title = model.kind === 'edit' ? 'instruction' : 'prompt';
  const positive = b.add('CLIPTextEncode', title, { text: prompt, clip }).out();
  const negative =
    numbers.cfg > 1
      ? b.add('CLIPTextEncode', 'negative prompt', { text: request.negative_prompt, clip })
      : b.add('ConditioningZeroOut', 'empty negative', { conditioning: positive });
  return { positive, negative: negative.out() };
}

export function withGuidance({ b, numbers }: Painting, { positive, negative }: Conditioning): Conditioning {
  if (numbers.guidance === undefined) return { positive, negative };
  const fields = { conditioning: positive, guidance: numbers.guidance };
  return { positive: b.add('FluxGuidance', 'guidance', fields).out(), negative };
}

/** Attaches a picture's latent to a conditioning. */
export const withLatent = (p: Painting, conditioning: Link, latent: Link): Link =>
  p.b.add('ReferenceLatent', 'attach reference', { conditioning, latent }).out();

export const encoded = ({ b, vae }: Painting, pixels: Link): Link =>
  b.add('VAEEncode', 'encode reference', { pixels, vae }).out();

const REFERENCE_SIZE = { default: 1024, min: 64, max: 2048, step: 16 };

/** Every reference at about a megapixel, one after the other, also on the negative where one is read. */
export function latentReferences(p: Painting, from: Conditioning): Conditioning {
  return p.references.reduce<Conditioning>(({ positive, negative }, reference, i) => {
    const picture = loadPicture(p.b, reference, `reference ${i + 1}`);
    const size = workingSize({ width: null, height: null }, reference, REFERENCE_SIZE);
    const latent = encoded(p, scaledTo(p.b, picture, size, 'reference to a megapixel'));
    return { positive: withLatent(p, positive, latent), negative: withLatent(p, negative, latent) };
  }, from);
}
