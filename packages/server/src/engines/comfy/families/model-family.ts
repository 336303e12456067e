/** Makes a family of a model: its form, its graph and what a server lacks for it. */
import {
  type FrameRecipe,
  HIRES_UPSCALERS,
  hasSecondPass,
  promptOf,
  type Size,
  StudioError,
} from '@limner/contract';
import { ofCanvas } from '../../repaint/canvas.ts';
import { GraphBuilder, type Link } from '../graph.ts';
import { missingFile, tooOldFor } from '../preflight.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import { begun } from './begun.ts';
import { emptyCanvas, makeCanvas } from './canvas.ts';
import { withGuidance, wordPrompts } from './conditioning.ts';
import type { BuiltGraph, ComfyFamily, UploadedInput, UploadedInputs } from './family.ts';
import { chosenFile, offeredFiles } from './files.ts';
import { specOf, specOnServers } from './form.ts';
import type { Canvas, FileRule, Links, Model, Painting, StyleWay } from './model.ts';
import { NO_SPEED } from './params.ts';
import { pictureOf, workingSize } from './pictures.ts';
import { lackedBy, sampleGraph, sampleRequest } from './sample-request.ts';
import { paintedWith, type SecondPass, sampleAndSave, samplerWeights, samplingChoices } from './sampling.ts';
import { lengthOf } from './save-video.ts';
import { tilingModel, tilingOf } from './seamless.ts';
import { hiresUpscalerOf, passesTwice, secondPass } from './second-pass.ts';
import { stylePictures, styleWayOf } from './style-pictures.ts';
import { summaryOf } from './summary.ts';

export function modelFamily(model: Model): ComfyFamily {
  const build: ComfyFamily['build'] = (...asked) => buildGraph(model, ...asked);
  const choices = (info: ServerInfo) => ({
    model: offeredFiles(model, info),
    speed: [NO_SPEED, ...speedsOn(model, info)],
    hires_upscaler: [...Object.keys(HIRES_UPSCALERS), ...modelsOf(info, 'upscale_models')],
    ...samplingChoices(info),
  });
  return {
    spec: specOf(model),
    specOn: (servers) => specOnServers(model, servers, choices),
    alpha: 'flatten',
    paintsCanvas: true,
    missing(info, request) {
      const asked = ofCanvas(request ?? plainestRequest(model));
      const mode = asked.controlnet && model.control?.lacks?.(asked.controlnet.type);
      return [
        ...tooOldFor(model, info),
        ...lackedBy(build, asked, info),
        ...(mode
          ? [
              {
                ...missingFile(mode.file, modelsOf(info, 'controlnet'), 'models/controlnet'),
                cure: mode.cure,
              },
            ]
          : []),
      ];
    },
    plainGraph: (info) => sampleGraph(build, plainestRequest(model), info),
    build,
    choices,
  };
}

function plainestRequest({ id, kind, types, video }: Model): FrameRecipe {
  const request = sampleRequest(kind, id, types[0] ?? null);
  if (video && !video.types.includes('text_to_video')) return { ...request, input_image: 'input' };
  if (kind === 'edit') return { ...request, references: ['reference'] };
  return request;
}

function speedsOn(model: Model, info: ServerInfo): string[] {
  const loras = modelsOf(info, 'loras');
  const has = (file: FileRule) => loras.includes(chosenFile(file, loras, info));
  return (model.speeds ?? [])
    .filter(({ file, second }) => has(file) && (!second || has(second)))
    .map(({ value }) => value);
}

function buildGraph(
  model: Model,
  request: FrameRecipe,
  inputs: UploadedInputs,
  info: ServerInfo,
): BuiltGraph {
  const way = styleWayOf(model, request);
  const { references, words } = referencesOf(model, request, inputs, way);
  const { p, own, loras } = begun(model, {
    ...{ b: new GraphBuilder(), request, inputs, info, references },
    styles: way ? stylePictures(request, inputs, way) : [],
    prompt: [promptOf(request), words].filter(Boolean).join('\n'),
  });
  const { b, file } = p;
  const tiling = tilingOf(p);
  const painting = composed(p, tiling?.by === 'nodes' ? tilingModel(p, own, tiling) : own, way);
  const { canvas } = painting;
  const isPaintedTwice = passesTwice(model) && hasSecondPass(request);
  const again = (painted: Link) => secondPass(p, painting.plain, canvas, painted);
  const { second, ...saved } = sampleAndSave(p, painting, tiling, isPaintedTwice ? again : null);
  return {
    graph: b.graph,
    ...saved,
    ...(model.layers === undefined ? {} : { isStack: true }),
    weights: {
      ...samplerWeights(b.graph, canvas.schedule.steps),
      ...(second ? weightOf(second, canvas) : {}),
    },
    modelKey: file,
    summary: summaryOf(p, { canvas, second: second?.canvas ?? null }, tiling),
    details: {
      ...paintedWith(file, canvas, loras),
      ...detailsOf(p, canvas.size),
      ...(tiling ? { tileable: tiling.axes } : {}),
      ...(second ? { second_pass: secondDetails(p, second.canvas) } : {}),
    },
  };
}

/** As many times a step of the first pass as it has more pixels. */
function weightOf(
  { sampler, canvas: { size, schedule } }: SecondPass,
  first: Canvas,
): Record<string, number> {
  const times = (size.width * size.height) / (first.size.width * first.size.height);
  return { [sampler]: 10 * schedule.steps * times };
}

const secondDetails = (p: Painting, { size, schedule }: Canvas): Record<string, unknown> => ({
  ...size,
  steps: schedule.steps,
  strength: schedule.effective,
  upscaler: hiresUpscalerOf(p),
});

/** Everything between the loaded model and the sampler. */
function composed(
  p: Painting,
  link: Link,
  way: StyleWay | null,
): { canvas: Canvas; links: Links; plain: Links } {
  const { model, request } = p;
  const prompts = (model.prompts ?? wordPrompts)(p);
  const unstyled = { model: link, ...withGuidance(p, model.attach?.(p, prompts) ?? prompts) };
  const links = way?.apply?.(p, unstyled) ?? unstyled;
  if (model.compose) {
    const made = model.compose(p, links);
    return { ...made, plain: made.links };
  }
  const canvas = model.kind === 'edit' ? emptyCanvas(p, editSize(p)) : makeCanvas(p);
  const { controlnet } = request;
  if (!controlnet || !model.control) return { canvas, links, plain: links };
  return { canvas, links: model.control.apply(p, links, canvas.size, controlnet), plain: links };
}

const editSize = ({ model, request, references: [first] }: Painting): Size =>
  model.sizeOf?.(request, first) ?? workingSize(request, first ?? null, model.size);

function detailsOf({ model, request, numbers, info, styles }: Painting, size: Size): Record<string, unknown> {
  const { controlnet } = request;
  return {
    ...(numbers.guidance === undefined ? {} : { guidance: numbers.guidance }),
    ...(model.kind === 'edit' ? size : {}),
    ...(styles.length > 0 ? { style_strengths: styles.map(({ strength }) => strength) } : {}),
    ...(model.video ? lengthOf(model.video, request) : {}),
    ...(controlnet && model.control
      ? {
          controlnet: {
            model: model.control.file(info),
            type: controlnet.type,
            strength: controlnet.strength,
          },
        }
      : {}),
  };
}

/** Pictures that the model reads beside the words, and the words by which it takes the style of some of them. */
function referencesOf(
  model: Model,
  request: FrameRecipe,
  inputs: UploadedInputs,
  way: StyleWay | null,
): { references: UploadedInput[]; words: string } {
  const changed = model.kind === 'edit' ? [request.input_image, ...request.references] : [];
  const styled = way?.words ? request.style_images.map(({ image }) => image) : [];
  const ids = [...new Set(changed.filter((id): id is string => id !== null))];
  if (model.kind === 'edit' && ids.length === 0) throw new StudioError('input_image_missing');
  const all = [...new Set([...ids, ...styled])];
  if (model.kind === 'edit' && all.length > (model.references ?? 0)) throw tooMany(model);
  const numbers = styled.map((id) => all.indexOf(id) + 1);
  return {
    references: all.map((id) => pictureOf(inputs, id)),
    words: numbers.length > 0 ? (way?.words?.(promptOf(request), numbers) ?? '') : '',
  };
}

const tooMany = ({ label, references: most }: Model): StudioError =>
  new StudioError('unsupported', {
    field: 'references',
    data: {
      family: { en: label, zh: label },
      reason: {
        en: `it takes at most ${most} reference pictures.`,
        zh: `最多支持 ${most} 张参考图。`,
      },
    },
  });
