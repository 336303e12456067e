/** The job behind the remove-background family: chooses a method, cuts, and reports what it did. */
import { basename } from 'node:path';
import type { Bilingual } from '@limner/contract';
import { bleedIntoTransparent } from '../embedded/bleed.ts';
import type { JobContext, PictureResult } from '../embedded/job.ts';
import { decode, encodePng, type Pixels } from '../embedded/picture.ts';
import { COMFY_CUTOUT_MODELS } from './families.ts';
import { findGround } from './ground.ts';
import { cutByMask, type Mask } from './masked.ts';
import { isDoubtful } from './pale.ts';
import { personConfidence, personMask } from './person.ts';
import type { PocketRule } from './pockets.ts';
import { cutSprite } from './sprite.ts';
import * as summaries from './summaries.ts';
import { userMask } from './user-model.ts';

export interface CutoutJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  /** A choice of the family, or a name that only a ComfyUI server has. */
  model: string;
  /** Path of the user's ONNX file when `model` names one. */
  userModel: string | null;
  picture: Buffer;
}

interface Cut {
  pixels: Pixels;
  summary: Bilingual;
  details: Record<string, unknown>;
}

interface SpriteRule {
  pockets: PocketRule;
  /** Parts through which the ground is seen become translucent. */
  glass: boolean;
}

const DECIDE: SpriteRule = { pockets: 'decide', glass: false };
const SPRITE_RULES: Record<string, SpriteRule> = {
  sprite: DECIDE,
  'sprite-solid': { pockets: 'keep', glass: false },
  'sprite-open': { pockets: 'open', glass: false },
  'sprite-glass': { pockets: 'decide', glass: true },
};
/** Share of transparent pixels from which a picture counts as cut out already. */
const CUT_ALREADY = 0.005;
/** Below this share of the picture there is no thing. */
const LEAST_COVERED = 0.001;
const [GROUND_SURE, GROUND_LIKELY, PERSON_SURE] = [0.9, 0.8, 0.6];

export async function cutout(job: CutoutJob, ctx: JobContext): Promise<PictureResult> {
  const source = await decode(job.picture);
  ctx.progress(0.1);
  const cut = await cutWith(job, source, ctx.signal);
  ctx.progress(0.9);
  const substituted = COMFY_CUTOUT_MODELS.includes(job.model);
  return {
    png: await encodePng(cut.pixels),
    summary: substituted ? summaries.insteadOf(job.model, cut.summary) : cut.summary,
    details: { ...cut.details, asked: job.model },
  };
}

async function cutWith(job: CutoutJob, source: Pixels, signal: AbortSignal): Promise<Cut> {
  if (job.userModel !== null) {
    const file = basename(job.userModel);
    return byMask(source, await userMask(source, job.userModel), signal, summaries.userModel(file), {
      used: file,
    });
  }
  if (job.model === 'person') {
    return byMask(source, await personMask(source, job.modelsDir), signal, summaries.person(), {
      used: 'person',
    });
  }
  if (transparentShare(source) > CUT_ALREADY) return asItIs(source);
  const rule = SPRITE_RULES[job.model];
  return rule ? bySprite(source, rule, signal) : byMeasure(job, source, signal);
}

/**
 * A plain ground is the most reliable sign, then a person. Otherwise takes the better of the two and says that it is a
 * guess.
 */
async function byMeasure(job: CutoutJob, source: Pixels, signal: AbortSignal): Promise<Cut> {
  const ground = findGround(source);
  const { explained } = ground;
  if (explained >= GROUND_SURE) return bySprite(source, DECIDE, signal, ground);
  const mask = await personMask(source, job.modelsDir);
  const confidence = personConfidence(mask);
  const measures = { ground: explained, person: confidence };
  if (confidence >= PERSON_SURE) {
    return byMask(source, mask, signal, summaries.person(), { used: 'person', measures });
  }
  if (explained >= GROUND_LIKELY || confidence < 0.2) {
    const cut = await bySprite(source, DECIDE, signal, ground);
    const summary = explained >= GROUND_LIKELY ? cut.summary : summaries.doubtful(cut.summary);
    return { ...cut, summary, details: { ...cut.details, measures } };
  }
  return byMask(source, mask, signal, summaries.doubtful(summaries.person()), { used: 'person', measures });
}

async function bySprite(
  source: Pixels,
  rule: SpriteRule,
  signal: AbortSignal,
  ground = findGround(source),
): Promise<Cut> {
  const { pixels, pockets, explained, covered, softnessPx, shadow, pale } = await cutSprite(
    source,
    rule.pockets,
    signal,
    ground,
    rule.glass,
  );
  const plain = summaries.sprite(pockets, covered < LEAST_COVERED && !shadow);
  const told = shadow ? summaries.withShadow(plain) : plain;
  const clear = rule.glass ? summaries.withGlass(told) : told;
  return {
    pixels,
    summary: isDoubtful(pale) ? summaries.withPale(clear) : clear,
    details: {
      used: 'sprite',
      pockets,
      border_explained: explained,
      covered,
      softness_px: softnessPx,
      shadow,
      pale,
    },
  };
}

async function byMask(
  source: Pixels,
  mask: Mask,
  signal: AbortSignal,
  summary: Bilingual,
  details: Cut['details'],
): Promise<Cut> {
  return { pixels: await cutByMask(source, mask, signal), summary, details };
}

function asItIs(source: Pixels): Cut {
  bleedIntoTransparent(source.rgba, source.width, source.height);
  return { pixels: source, summary: summaries.cutAlready(), details: { used: 'alpha' } };
}

function transparentShare({ rgba, width, height }: Pixels): number {
  let count = 0;
  for (let at = 3; at < rgba.length; at += 4) if ((rgba[at] as number) < 250) count++;
  return count / (width * height);
}
