/**
 * The cut-out models of ComfyUI servers as data: the name in a request, the licence, and the nodes that run each.
 *
 * ComfyUI itself (since 0.21) runs every BiRefNet with the large Swin backbone, under the key names of its makers, from a
 * file in models/background_removal. The small variants and other networks run only on the nodes of ComfyUI-RMBG, which
 * fetches their weights.
 */
import type { Bilingual } from '@limner/contract';
import { type FileRule, named } from './model.ts';

export interface CutOutModel {
  /** Name in a request. */
  value: string;
  label: Bilingual;
  licence: string;
  /** Its file for ComfyUI's own nodes, and the side in pixels at which it was trained. */
  core?: FileRule & { sidePx: number };
  /** Its node in the pack, and its name there. */
  pack?: { node: PackNode; name: string };
}

export type PackNode = 'BiRefNetRMBG' | 'RMBG';

const MIT = 'MIT';
/** Of a file or a model whose makers name none. */
export const NO_LICENCE = 'not stated';
/** Parts of a file's name that say nothing about the variant. */
const NOISE = /general|epoch_?\d+|fp16|fp32|bf16|[-_. ]/g;

/** Files of a variant of BiRefNet, by what follows in their names: '' is the plain one. */
const variant =
  (wanted: string): NonNullable<FileRule['matches']> =>
  (file) => {
    const name = file.split(/[\\/]/).at(-1)?.toLowerCase() ?? '';
    return /birefnet(.*)\.\w+$/.exec(name)?.[1]?.replace(NOISE, '') === wanted;
  };

const labelled = (en: string, zh: string): Bilingual => ({ en, zh });
const birefnet = (value: string, name: string, label: Bilingual): CutOutModel => ({
  value,
  label,
  licence: MIT,
  pack: { node: 'BiRefNetRMBG', name },
});
/** `file`: its usual name without the extension. */
const withFile = (model: CutOutModel, file: string, sidePx = 1024): CutOutModel => ({
  ...model,
  core: {
    usual: `${file}.safetensors`,
    matches: variant(file.replace('birefnet', '').replace(NOISE, '')),
    sidePx,
  },
});
const other = (value: string, name: string, licence: string, label: Bilingual): CutOutModel => ({
  value,
  label,
  licence,
  pack: { node: 'RMBG', name },
});

const USUAL = birefnet('birefnet', 'BiRefNet-general', labelled('Everything (1024)', '通用（1024）'));
const HR = birefnet('birefnet-hr', 'BiRefNet-HR', labelled('Fine detail (2048)', '高清（2048）'));
const MATTING = birefnet(
  'birefnet-matting',
  'BiRefNet-matting',
  labelled('Soft edges: hair, glass, smoke', '软边缘：毛发、玻璃、烟雾'),
);
const HR_MATTING = birefnet(
  'birefnet-hr-matting',
  'BiRefNet-HR-matting',
  labelled('Soft edges in fine detail (2048)', '高清软边缘（2048）'),
);
const DYNAMIC = birefnet(
  'birefnet-dynamic',
  'BiRefNet_dynamic',
  labelled('Everything, learnt in many sizes', '通用，多尺寸训练'),
);

/** In the order of preference; those whose licence allows any use come first. */
export const CUT_OUT_MODELS: readonly [CutOutModel, ...CutOutModel[]] = [
  withFile(USUAL, 'birefnet'),
  withFile(HR, 'birefnet-hr', 2048),
  withFile(MATTING, 'birefnet-matting'),
  withFile(HR_MATTING, 'birefnet-hr-matting', 2048),
  withFile(
    birefnet('birefnet-toon', 'BiRefNet_toonout', labelled('Cartoons and anime', '卡通与动漫')),
    'birefnet-toonout',
  ),
  withFile(
    birefnet('birefnet-portrait', 'BiRefNet-portrait', labelled('Portraits', '人像')),
    'birefnet-portrait',
  ),
  withFile(DYNAMIC, 'birefnet-dynamic'),
  withFile(
    birefnet('birefnet-512', 'BiRefNet_512x512', labelled('Everything, quick (512)', '通用，快速（512）')),
    'birefnet-512x512',
    512,
  ),
  birefnet('birefnet-lite', 'BiRefNet_lite', labelled('Small and quick', '轻量快速')),
  birefnet(
    'birefnet-lite-2k',
    'BiRefNet_lite-2K',
    labelled('Small, in fine detail (2048)', '轻量高清（2048）'),
  ),
  birefnet('birefnet-lite-matting', 'BiRefNet_lite-matting', labelled('Small, soft edges', '轻量软边缘')),
  other('ben2', 'BEN2', MIT, labelled('BEN2: hair and fine edges', 'BEN2：毛发与细边缘')),
  other('ben', 'BEN', 'Apache-2.0', labelled('BEN, first version', 'BEN（初版）')),
  other('inspyrenet', 'INSPYRENET', MIT, labelled('InSPyReNet: sharp edges', 'InSPyReNet：边缘锐利')),
  {
    ...birefnet(
      'Lucida',
      'Lucida',
      labelled('Lucida (of the ComfyUI-RMBG pack)', 'Lucida（ComfyUI-RMBG 扩展自带）'),
    ),
    licence: NO_LICENCE,
  },
  {
    ...other('rmbg-2', 'RMBG-2.0', 'CC BY-NC 4.0', labelled('RMBG 2.0 of BRIA', 'RMBG 2.0（BRIA）')),
    core: { usual: 'RMBG-2.0.safetensors', matches: named(/rmbg[-_ ]?v?2/i), sidePx: 1024 },
  },
];
