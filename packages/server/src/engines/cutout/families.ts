import type { Bilingual, Family } from '@limner/contract';
import { PICTURE_IN } from '../picture-family.ts';

export const CUTOUT_FAMILY = 'remove-background';

/** Names that clients use for the large model of a ComfyUI server. The built-in engine serves them with `auto`. */
export const COMFY_CUTOUT_MODELS: readonly string[] = ['birefnet', 'birefnet-hr'];

const OWN_CHOICES: { value: string; label: Bilingual }[] = [
  { value: 'auto', label: { en: 'Automatic', zh: '自动' } },
  { value: 'sprite', label: { en: 'Thing on a plain background', zh: '纯色或渐变背景上的物体' } },
  {
    value: 'sprite-solid',
    label: { en: 'Thing on a plain background, no holes', zh: '纯色背景上的物体，不开孔' },
  },
  {
    value: 'sprite-open',
    label: { en: 'Thing on a plain background, all holes open', zh: '纯色背景上的物体，孔洞全部镂空' },
  },
  { value: 'sprite-glass', label: { en: 'Glass on a plain background', zh: '纯色背景上的玻璃或透明物体' } },
  { value: 'person', label: { en: 'Person', zh: '人物' } },
];

/** What an own model is called where it is chosen. */
export const labelOfModel = (model: string): Bilingual =>
  OWN_CHOICES.find(({ value }) => value === model)?.label ?? { en: model, zh: model };

export const OWN_CUTOUT_MODELS: readonly string[] = OWN_CHOICES.map((choice) => choice.value);

export function cutoutFamily(userModels: readonly string[]): Family {
  const own = userModels.map((file) => ({
    value: file,
    label: { en: `${file} (yours)`, zh: `${file}（自备）` },
    licence: 'not stated',
  }));
  return {
    id: CUTOUT_FAMILY,
    kind: 'remove_bg',
    label: { en: 'Cut-out (built in)', zh: '抠图（内置）' },
    description: {
      en: 'Cuts things from plain and gradient backgrounds by colour, people with a small model, and anything else with your ONNX file in models/cutout of the data folder.',
      zh: '按颜色抠出纯色或渐变背景上的物体，用小模型抠出人物；其他画面可使用你放在数据目录 models/cutout 中的 ONNX 模型。',
    },
    ...PICTURE_IN,
    params: [
      { key: 'model', type: 'choice', default: 'auto', choices: [...OWN_CHOICES, ...own], effect: true },
    ],
    licence: 'Apache-2.0',
  };
}
