/** Cuts a picture out with ComfyUI's own nodes for BiRefNet, or with those of the ComfyUI-RMBG pack. */
import {
  type Family,
  type FrameRecipe,
  isPermissive,
  type Missing,
  type ParamChoice,
} from '@limner/contract';
import { PICTURE_IN } from '../../picture-family.ts';
import { GraphBuilder, type GraphInput, type Link } from '../graph.ts';
import { choicesOf, hasNode, listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import { CUT_OUT_MODELS, type CutOutModel, NO_LICENCE, type PackNode } from './cut-out-models.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from './family.ts';
import { chosenFile } from './files.ts';
import { loadPicture, pictureOf } from './pictures.ts';
import { lackedBy, sampleGraph, sampleRequest } from './sample-request.ts';

const [USUAL] = CUT_OUT_MODELS;
/** The default size of ComfyUI's own node, and the only one before it had an input for it. */
const CORE_SIDE_PX = 1024;
/** ComfyUI's own node knows the large backbone only. */
const ONLY_PACK = /birefnet.*lite/i;
const PACK_NODES: readonly PackNode[] = ['BiRefNetRMBG', 'RMBG'];

const choiceOf = ({
  value,
  label,
  licence,
}: Pick<CutOutModel, 'value' | 'label' | 'licence'>): ParamChoice => ({
  value,
  label,
  ...(licence === USUAL.licence ? {} : { licence }),
});

const specWith = (choices: ParamChoice[], usual: string): Family => ({
  id: 'remove-background',
  kind: 'remove_bg',
  label: { en: 'Cut out (BiRefNet)', zh: '抠图（BiRefNet）' },
  description: {
    en: 'Makes the background transparent, with soft edges and without its colour in them. Files in models/background_removal run on ComfyUI itself; for other models the nodes of ComfyUI-RMBG fetch weights and Python code at the first use. Without a choice, a model whose licence allows any use is taken.',
    zh: '将背景变为透明，边缘柔和且不残留背景色。models/background_removal 中的文件由 ComfyUI 自身运行；其他模型由 ComfyUI-RMBG 的节点在首次使用时下载权重和 Python 代码。未选择时使用许可不限用途的模型。',
  },
  ...PICTURE_IN,
  params: [{ key: 'model', type: 'choice', default: usual, choices, effect: true }],
  licence: USUAL.licence,
});

/** Where and how a model runs on a server. */
type Way = { file: string; sidePx: number } | { node: PackNode; name: string };

const spec = specWith(CUT_OUT_MODELS.map(choiceOf), USUAL.value);
const sample = { ...sampleRequest('remove_bg', spec.id), input_image: 'input' };

export const removeBackground: ComfyFamily = {
  spec,
  specOn(servers) {
    const offered = servers.flatMap(offeredOn);
    const known = CUT_OUT_MODELS.filter(({ value }) => offered.some((choice) => choice.value === value));
    const unknown = offered.filter(({ value }) => !CUT_OUT_MODELS.some((model) => model.value === value));
    const choices = [...known.map(choiceOf), ...new Map(unknown.map((each) => [each.value, each])).values()];
    if (choices.length === 0) return spec;
    const free = known.find(({ licence }) => isPermissive(licence)) ?? USUAL;
    return specWith(known.includes(free) ? choices : [choiceOf(free), ...choices], free.value);
  },
  alpha: 'flatten',
  finish: 'unmix',
  missing: (info, request): Missing[] => lackedBy(build, request ?? sample, info),
  plainGraph: (info) => sampleGraph(build, sample, info),
  build,
};

/** Files that no model's rule matches are offered under their own names, but for the variants that only the pack runs. */
function offeredOn(info: ServerInfo): ParamChoice[] {
  const models = CUT_OUT_MODELS.filter((model) => waysOn(model, info).length > 0);
  const names = [
    ...modelsOf(info, 'background_removal').filter(
      (file) => !ONLY_PACK.test(file) && !models.some(({ core }) => core?.matches?.(file, info)),
    ),
    ...PACK_NODES.flatMap((node) => choicesOf(info, node, 'model')).filter(
      (name) => !models.some(({ pack }) => pack?.name === name),
    ),
  ];
  return [
    ...models.map(choiceOf),
    ...names.map((value) => choiceOf({ value, label: { en: value, zh: value }, licence: NO_LICENCE })),
  ];
}

/** The ways in which a server can run the model, the best first. */
function waysOn({ core, pack }: CutOutModel, info: ServerInfo): Way[] {
  const files = modelsOf(info, 'background_removal');
  const file = core && chosenFile(core, files, info);
  const own: Way[] = core && file && files.includes(file) ? [{ file, sidePx: core.sidePx }] : [];
  const listed = pack !== undefined && choicesOf(info, pack.node, 'model').includes(pack.name);
  const ofPack: Way[] = listed ? [pack] : [];
  // The pack's node works at 2048 pixels; ComfyUI's own does so only where it has an input for the size.
  const fits = core !== undefined && (core.sidePx <= CORE_SIDE_PX || hasSizeInput(info));
  return fits ? [...own, ...ofPack] : [...ofPack, ...own];
}

const hasSizeInput = (info: ServerInfo): boolean =>
  info.nodes.get('RemoveBackground')?.inputs.resolution !== undefined;

/** For a model that the server lacks: what would be missing least. */
function wayFor(wanted: string, info: ServerInfo): Way {
  const files = modelsOf(info, 'background_removal');
  const file = listedName(files, wanted);
  const model = CUT_OUT_MODELS.find(({ value, pack }) => value === wanted || pack?.name === wanted);
  if (file) {
    const known = CUT_OUT_MODELS.find(({ core }) => core?.matches?.(file, info));
    return { file, sidePx: known?.core?.sidePx ?? CORE_SIDE_PX };
  }
  if (!model) return packWay(wanted, info);
  const [best] = waysOn(model, info);
  if (best) return best;
  const { core, pack } = model;
  const needsFile = core !== undefined && (!pack || hasNode(info, 'RemoveBackground'));
  return needsFile ? { file: core.usual, sidePx: core.sidePx } : (pack ?? packWay(wanted, info));
}

const packWay = (name: string, info: ServerInfo): Way => ({
  node: PACK_NODES.find((node) => choicesOf(info, node, 'model').includes(name)) ?? 'BiRefNetRMBG',
  name,
});

function usualOn(info: ServerInfo): string {
  const free = CUT_OUT_MODELS.filter(({ licence }) => isPermissive(licence));
  return (free.find((model) => waysOn(model, info).length > 0) ?? USUAL).value;
}

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph {
  const b = new GraphBuilder();
  const way = wayFor(request.params.model ?? usualOn(info), info);
  const picture = loadPicture(b, pictureOf(inputs, request.input_image), 'picture');
  const images =
    'file' in way ? cutWithCore(b, picture.image, way, info) : cutWithPack(b, picture.image, way);
  const output = b.add('SaveImage', 'cut-out', { images, filename_prefix: 'limner/rmbg' });
  const used = 'file' in way ? way.file : way.name;
  const side = 'file' in way && way.sidePx > CORE_SIDE_PX && !hasSizeInput(info) ? CORE_SIDE_PX : null;
  return {
    graph: b.graph,
    outputNodes: [output.id],
    weights: { [images[0]]: 8 },
    modelKey: used,
    summary: {
      en: `Cut out by ${used}.${side ? ` This ComfyUI runs it at ${side} pixels; a newer one has its full detail.` : ''}`,
      zh: `由 ${used} 抠图。${side ? `该 ComfyUI 以 ${side} 像素运行此模型，新版本可达到完整细节。` : ''}`,
    },
    details: { model: used },
  };
}

/** The nodes read optional inputs without defaults; without them they fail after the model has run. */
function cutWithPack(b: GraphBuilder, image: Link, { node, name }: Extract<Way, { node: PackNode }>): Link {
  const fields = {
    image,
    model: name,
    sensitivity: 1,
    ...(node === 'RMBG' ? { process_res: 1024 } : {}),
    mask_blur: 0,
    mask_offset: 0,
    invert_output: false,
    refine_foreground: false,
    background: 'Alpha',
    background_color: '#222222',
  };
  return b.add(node, 'remove background', fields).out();
}

/** JoinImageWithAlpha expects the part that becomes transparent, hence the inverted mask. */
function cutWithCore(
  b: GraphBuilder,
  image: Link,
  { file, sidePx }: Extract<Way, { file: string }>,
  info: ServerInfo,
): Link {
  const loaded = b.add('LoadBackgroundRemovalModel', 'cut-out model', { bg_removal_name: file }).out();
  const fields: Record<string, GraphInput> = { bg_removal_model: loaded, image };
  if (hasSizeInput(info)) fields.resolution = sidePx;
  const foreground = b.add('RemoveBackground', 'find foreground', fields).out();
  const background = b.add('InvertMask', 'background mask', { mask: foreground }).out();
  return b.add('JoinImageWithAlpha', 'make transparent', { image, alpha: background }).out();
}
