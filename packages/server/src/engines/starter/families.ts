/**
 * The families of the starter: *compose* draws with the library, *paint* with a small model, and a preview of the
 * control picture as *paint* receives it.
 */
import {
  type Bilingual,
  type Family,
  type FamilyParam,
  type LIBRARIES,
  MAX_STYLE_IMAGES,
  PIXEL_GRIDS,
  type TREATMENTS,
} from '@limner/contract';
import { tileableParam } from '../tileable-param.ts';
import { DEFAULT_PIXEL_GRID } from './compose/style-params.ts';
import { PAINT_CONTROLS } from './paint/control.ts';

export const COMPOSE_FAMILY = 'starter';
export const PAINT_FAMILY = 'starter-paint';
export const CONTROL_PREVIEW_FAMILY = 'starter-control-preview';
export const DEFAULT_STYLE_STRENGTH = 0.6;
export const PAINT_DEFAULTS = { steps: 12, guidance: 2, denoise: 0.8, hires_denoise: 0.5 };

const ALIKE = {
  size: { default: 512, min: 64, max: 1024, step: 1 },
  references: 0,
  loras: false,
  // Of its code and weights, then of the drawings in its library.
  licence: 'Apache-2.0, MIT, CC BY 3.0',
};

/** Starter takes colours from style pictures. */
const STYLE_STRENGTH: FamilyParam = {
  key: 'style_strength',
  type: 'number',
  default: DEFAULT_STYLE_STRENGTH,
  min: 0,
  max: 1,
  step: 0.05,
  effect: true,
};

const negativePrompt = (en: string, zh: string): FamilyParam => ({
  key: 'negative_prompt',
  type: 'text',
  default: null,
  effect: false,
  reason: { en, zh },
});

const choices = (labels: Record<string, Bilingual>): FamilyParam['choices'] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

/** By the names of the library's sets. */
const LIBRARY_LABELS: Record<(typeof LIBRARIES)[number], Bilingual> = {
  auto: { en: 'One set, chosen by the prompt', zh: '同一套，按提示词选最合适的' },
  mixed: { en: 'Mixed sets', zh: '混合多套' },
  glossy: { en: 'Fluent Emoji, glossy', zh: 'Fluent 表情（立体）' },
  flat: { en: 'Fluent Emoji, flat', zh: 'Fluent 表情（扁平）' },
  noto: { en: 'Noto Emoji', zh: 'Noto 表情' },
  classic: { en: 'Noto Emoji, first version', zh: 'Noto 表情（早期版）' },
  game: { en: 'Game Icons, painted', zh: 'Game Icons（上色）' },
  ui: { en: 'Fluent UI icons', zh: 'Fluent 界面图标' },
  office: { en: 'Flat Color Icons', zh: 'Flat Color 图标' },
};

const TREATMENT_LABELS: Record<(typeof TREATMENTS)[number], Bilingual> = {
  auto: { en: 'By the prompt', zh: '按提示词' },
  plain: { en: 'As drawn', zh: '原样' },
  flat: { en: 'Flat', zh: '扁平' },
  glossy: { en: 'Glossy', zh: '立体' },
  outline: { en: 'Line art', zh: '线稿' },
  pixel: { en: 'Pixel art', zh: '像素' },
  silhouette: { en: 'Silhouette', zh: '剪影' },
  sticker: { en: 'Sticker', zh: '贴纸' },
  neon: { en: 'Neon', zh: '霓虹' },
  watercolour: { en: 'Watercolour', zh: '水彩' },
  papercut: { en: 'Paper cut', zh: '剪纸' },
  lowpoly: { en: 'Low poly', zh: '低多边形' },
};

const COMPOSE_PARAMS: FamilyParam[] = [
  { key: 'library', type: 'choice', default: 'auto', choices: choices(LIBRARY_LABELS), effect: true },
  { key: 'treatment', type: 'choice', default: 'auto', choices: choices(TREATMENT_LABELS), effect: true },
  {
    key: 'pixel_grid',
    type: 'choice',
    default: DEFAULT_PIXEL_GRID,
    choices: PIXEL_GRIDS.map((value) => ({ value, label: { en: `${value} cells`, zh: `${value} 格` } })),
    effect: true,
  },
];

const compose: Family = {
  ...ALIKE,
  // Allows pixel art with one pixel per cell.
  size: { ...ALIKE.size, min: PIXEL_GRIDS[0] },
  id: COMPOSE_FAMILY,
  kind: 'generation',
  label: { en: 'Starter (built in)', zh: '入门画手（内置）' },
  description: {
    en: 'Finds the closest drawings in open icon libraries, recolours and arranges them as vectors. Sharp, transparent and fast. Knows things and colours, but no whole scenes. Of style pictures it takes colours and contrast, no brushwork. A mask and the sides of an extended picture are filled by texture of the picture itself; a drawing of the words is laid into the mask, and nothing new is drawn at the sides. Needs no model and no GPU. Its drawings are under MIT, Apache-2.0 or CC BY 3.0: the details of a picture name those that it used and their authors, for your credits.',
    zh: '从开放图标库中找到最接近的图形，以矢量方式换色、组合。清晰、透明、快速；认识事物和颜色，画不了完整场景。对风格图只取配色与明暗，不取笔触。局部重绘和扩展画面时，用图片自身的纹理填补；蒙版内会画入提示词对应的图形，扩展部分不绘制新内容。无需模型和显卡。图形采用 MIT、Apache-2.0 或 CC BY 3.0 许可：每张图片的详情列出所用图形及其作者，便于署名。',
  },
  experimental: false,
  types: ['txt2img', 'inpaint'],
  outpaint: true,
  extends_by_words: false,
  controls: [],
  style_images: MAX_STYLE_IMAGES,
  params: [
    ...COMPOSE_PARAMS,
    tileableParam,
    STYLE_STRENGTH,
    negativePrompt(
      'The starter draws only what the prompt names, so there is nothing to exclude.',
      '内置引擎按提示词查找图形，没有需要排除的内容。',
    ),
  ],
};

const paint: Family = {
  ...ALIKE,
  id: PAINT_FAMILY,
  kind: 'generation',
  label: { en: 'Starter paint (built in, experimental)', zh: '入门绘画（内置，实验性）' },
  description: {
    en: 'A very small neural model repaints the closest library drawing, or your picture, at 128 pixels. A second network draws the outlines at 512. It follows the edges and colours of a control picture and uses styles trained here. Of style pictures it takes colours and contrast. Areas are soft. Quality is far below that of a large model. The drawings are under MIT, Apache-2.0 or CC BY 3.0: the details of a picture name those that it used and their authors, for your credits.',
    zh: '由极小的神经网络模型以 128 像素重绘最接近的图库图形或你的图片，再由另一个网络在 512 像素上重画轮廓。可遵循控制图的边缘和色彩，也能使用在本机训练的风格；对风格图只取配色与明暗。画面内部偏软，无法与大模型相比。所用图形采用 MIT、Apache-2.0 或 CC BY 3.0 许可：每张图片的详情列出图形及其作者，便于署名。',
  },
  experimental: true,
  types: ['txt2img', 'img2img'],
  controls: [...PAINT_CONTROLS],
  control_preview: CONTROL_PREVIEW_FAMILY,
  style_images: MAX_STYLE_IMAGES,
  params: [
    ...COMPOSE_PARAMS.slice(0, 1),
    { key: 'steps', type: 'integer', default: PAINT_DEFAULTS.steps, min: 4, max: 30, step: 1, effect: true },
    {
      key: 'guidance',
      type: 'number',
      default: PAINT_DEFAULTS.guidance,
      min: 1,
      max: 3,
      step: 0.1,
      effect: true,
    },
    {
      key: 'denoise',
      type: 'number',
      default: PAINT_DEFAULTS.denoise,
      min: 0.1,
      max: 1,
      step: 0.05,
      effect: true,
    },
    { key: 'hires_scale', type: 'number', default: 1, min: 1, max: 2, step: 0.25, effect: true },
    {
      key: 'hires_steps',
      type: 'integer',
      default: PAINT_DEFAULTS.steps,
      min: 4,
      max: 30,
      step: 1,
      effect: true,
    },
    {
      key: 'hires_denoise',
      type: 'number',
      default: PAINT_DEFAULTS.hires_denoise,
      min: 0.1,
      max: 1,
      step: 0.05,
      effect: true,
    },
    tileableParam,
    STYLE_STRENGTH,
    negativePrompt(
      'The small model was not trained with negative prompts.',
      '这个小模型训练时没有使用反向提示词。',
    ),
  ],
};

const controlPreview: Family = {
  ...ALIKE,
  id: CONTROL_PREVIEW_FAMILY,
  kind: 'control_preview',
  label: { en: 'Control preview (built in)', zh: '控制图预览（内置）' },
  description: {
    en: 'Shows the edges, colours or picture that Starter paint receives of a control picture, at the same resolution.',
    zh: '显示“入门绘画”从控制图中得到的边缘、色彩或画面，分辨率与模型所得一致。',
  },
  experimental: false,
  types: [],
  controls: [...PAINT_CONTROLS],
  params: [],
};

export const STARTER_FAMILIES: readonly Family[] = [compose, paint, controlPreview];
