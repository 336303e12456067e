/** Cuts a picture out with BiRefNet: the RMBG pack's node, or ComfyUI's own if a newer server has no pack. */
import type { Bilingual, Family, FrameRecipe } from '@limner/contract';
import { PICTURE_IN } from '../../picture-family.ts';
import { GraphBuilder, type Link } from '../graph.ts';
import { choicesOf, hasNode, type ServerInfo } from '../server-info.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from './family.ts';
import { loadPicture, pictureOf } from './pictures.ts';
import { lackedBy, sampleRequest } from './sample-request.ts';

interface CutOutModel {
  /** Name in a request. */
  value: string;
  /** Name in the pack's node. */
  packName: string;
  label: Bilingual;
}

const model = (value: string, packName: string, en: string, zh: string): CutOutModel => ({
  value,
  packName,
  label: { en, zh },
});

const MODELS: readonly CutOutModel[] = [
  model('birefnet', 'BiRefNet-general', 'Everything (1024)', '通用（1024）'),
  model('birefnet-hr', 'BiRefNet-HR', 'Fine detail (2048)', '高清（2048）'),
  model('birefnet-matting', 'BiRefNet-matting', 'Soft edges: hair, glass, smoke', '软边缘：毛发、玻璃、烟雾'),
  model(
    'birefnet-hr-matting',
    'BiRefNet-HR-matting',
    'Soft edges in fine detail (2048)',
    '高清软边缘（2048）',
  ),
  model('birefnet-toon', 'BiRefNet_toonout', 'Cartoons and anime', '卡通与动漫'),
  model('birefnet-portrait', 'BiRefNet-portrait', 'Portraits', '人像'),
  model('birefnet-lite', 'BiRefNet_lite', 'Small and quick', '轻量快速'),
  model('birefnet-512', 'BiRefNet_512x512', 'Everything, quick (512)', '通用，快速（512）'),
  model('birefnet-dynamic', 'BiRefNet_dynamic', 'Everything, learnt in many sizes', '通用，多尺寸训练'),
  model('birefnet-lite-2k', 'BiRefNet_lite-2K', 'Small, in fine detail (2048)', '轻量高清（2048）'),
  model('birefnet-lite-matting', 'BiRefNet_lite-matting', 'Small, soft edges', '轻量软边缘'),
  model('Lucida', 'Lucida', 'Lucida (of the ComfyUI-RMBG pack)', 'Lucida（ComfyUI-RMBG 扩展自带）'),
];
const DEFAULT = 'birefnet';

const spec: Family = {
  id: 'remove-background',
  kind: 'remove_bg',
  label: { en: 'Cut out (BiRefNet)', zh: '抠图（BiRefNet）' },
  description: {
    en: 'Makes the background transparent. The weights are fetched by the server at the first use, together with Python code that it runs; the first cut-out of a model takes longer and needs its network.',
    zh: '将背景变为透明。首次使用某个模型时，服务器会下载权重及其附带的 Python 代码并运行，因此需要联网且耗时较长。',
  },
  ...PICTURE_IN,
  params: [
    {
      key: 'model',
      type: 'choice',
      default: DEFAULT,
      choices: MODELS.map(({ value, label }) => ({ value, label })),
      effect: true,
    },
  ],
  licence: 'MIT',
};

const sample = { ...sampleRequest('remove_bg', spec.id), input_image: 'input' };

export const removeBackground: ComfyFamily = {
  spec,
  alpha: 'flatten',
  missing: (info, request) => lackedBy(build, request ?? sample, info),
  build,
  choices: (info) => ({ model: modelsOn(info) }),
};

/** The server's models, under Limner's names if they have one, otherwise under the pack's. */
function modelsOn(info: ServerInfo): string[] {
  const listed = choicesOf(info, 'BiRefNetRMBG', 'model');
  return listed.map((name) => MODELS.find(({ packName }) => packName === name)?.value ?? name);
}

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph {
  const b = new GraphBuilder();
  const wanted = request.params.model ?? DEFAULT;
  const picture = loadPicture(b, pictureOf(inputs, request.input_image), 'picture');
  const own = hasNode(info, 'BiRefNetRMBG') ? undefined : coreModel(wanted, info);
  const images = own ? cutWithCore(b, picture.image, own) : cutWithPack(b, picture.image, packName(wanted));
  const output = b.add('SaveImage', 'cut-out', { images, filename_prefix: 'limner/rmbg' });
  const used = own ?? packName(wanted);
  return {
    graph: b.graph,
    outputNodes: [output.id],
    weights: { [images[0]]: 8 },
    modelKey: used,
    summary: { en: `Cut out by ${used}.`, zh: `由 ${used} 抠图。` },
    details: { model: used },
  };
}

const packName = (value: string): string => MODELS.find((known) => known.value === value)?.packName ?? value;

/** The node reads optional inputs without defaults; without them it fails after the model has run. */
function cutWithPack(b: GraphBuilder, image: Link, name: string): Link {
  const fields = {
    image,
    model: name,
    sensitivity: 1,
    mask_blur: 0,
    mask_offset: 0,
    invert_output: false,
    refine_foreground: false,
    background: 'Alpha',
    background_color: '#222222',
  };
  return b.add('BiRefNetRMBG', 'remove background', fields).out();
}

/** ComfyUI itself has one BiRefNet; the finer and the special ones are the pack's. */
function coreModel(wanted: string, info: ServerInfo): string | undefined {
  if (wanted !== DEFAULT || !hasNode(info, 'RemoveBackground')) return undefined;
  return choicesOf(info, 'LoadBackgroundRemovalModel', 'bg_removal_name').find((file) =>
    /birefnet/i.test(file),
  );
}

/** JoinImageWithAlpha expects the part that becomes transparent, hence the inverted mask. */
function cutWithCore(b: GraphBuilder, image: Link, file: string): Link {
  const loaded = b.add('LoadBackgroundRemovalModel', 'cut-out model', { bg_removal_name: file }).out();
  const fields = { bg_removal_model: loaded, image, resolution: 1024 };
  const foreground = b.add('RemoveBackground', 'find foreground', fields).out();
  const background = b.add('InvertMask', 'background mask', { mask: foreground }).out();
  return b.add('JoinImageWithAlpha', 'make transparent', { image, alpha: background }).out();
}
