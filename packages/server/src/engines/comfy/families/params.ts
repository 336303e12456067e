/** Parameters that several families share, and the reasons why some have no effect. */
import {
  type Bilingual,
  type FamilyParam,
  HIRES_LABELS,
  type HiresUpscaler,
  MAX_HIRES_SCALE,
  MAX_LAYERS,
  MIN_LAYERS,
} from '@limner/contract';

export const same = (text: string): Bilingual => ({ en: text, zh: text });
const choice = (value: string) => ({ value, label: same(value) });

/** The choice of no LoRA for speed. */
export const NO_SPEED = 'off';

/** A server may have more; these are added from its list. */
const SAMPLERS = [
  'euler',
  'euler_ancestral',
  'heun',
  'dpmpp_2m',
  'dpmpp_2m_sde',
  'dpmpp_sde',
  'ddim',
  'uni_pc',
  'lcm',
];
const SCHEDULERS = ['simple', 'normal', 'karras', 'sgm_uniform', 'beta', 'exponential', 'ddim_uniform'];

/** Without a default the family uses a matching file of the server; the server provides the choices. */
export const modelParam = (file: string | null): FamilyParam => ({
  key: 'model',
  type: 'choice',
  default: file,
  choices: file === null ? [] : [choice(file)],
  effect: true,
});
export const stepsParam = (value: number, max: number): FamilyParam => ({
  key: 'steps',
  type: 'integer',
  default: value,
  min: 1,
  max,
  step: 1,
  effect: true,
});
export const cfgParam = (value: number): FamilyParam => ({
  key: 'cfg',
  type: 'number',
  default: value,
  min: 1,
  max: 20,
  step: 0.5,
  effect: true,
});
export const samplerParam = (value: string): FamilyParam => ({
  key: 'sampler',
  type: 'choice',
  default: value,
  choices: SAMPLERS.map(choice),
  effect: true,
});
export const schedulerParam = (value: string): FamilyParam => ({
  key: 'scheduler',
  type: 'choice',
  default: value,
  choices: SCHEDULERS.map(choice),
  effect: true,
});
export const denoiseParam = (value: number): FamilyParam => ({
  key: 'denoise',
  type: 'number',
  default: value,
  min: 0.05,
  max: 1,
  step: 0.05,
  effect: true,
});
export const styleModeParam = (ways: readonly { value: string; label: Bilingual }[]): FamilyParam => ({
  key: 'style_mode',
  type: 'choice',
  default: ways[0]?.value ?? null,
  choices: ways.map(({ value, label }) => ({ value, label })),
  effect: true,
});
export const styleStrengthParam = (value: number): FamilyParam => ({
  key: 'style_strength',
  type: 'number',
  default: value,
  min: 0,
  max: 1,
  step: 0.05,
  effect: true,
});
export const HIRES_UPSCALER: HiresUpscaler = 'lanczos';
export const HIRES_DENOISE = 0.5;

/** Of a second pass. A server adds its upscale models. */
export const hiresParams = (steps: number, most: number): FamilyParam[] => [
  {
    key: 'hires_scale',
    type: 'number',
    default: 1,
    min: 1,
    max: MAX_HIRES_SCALE,
    step: 0.25,
    effect: true,
  },
  {
    key: 'hires_upscaler',
    type: 'choice',
    default: HIRES_UPSCALER,
    choices: Object.entries(HIRES_LABELS).map(([value, label]) => ({ value, label })),
    effect: true,
  },
  { key: 'hires_steps', type: 'integer', default: steps, min: 1, max: most, step: 1, effect: true },
  {
    key: 'hires_denoise',
    type: 'number',
    default: HIRES_DENOISE,
    min: 0.05,
    max: 1,
    step: 0.05,
    effect: true,
  },
];
export const guidanceParam = (value: number): FamilyParam => ({
  key: 'guidance',
  type: 'number',
  default: value,
  min: 0,
  max: Math.max(10, 2 * value),
  step: 0.1,
  effect: true,
});
export const speedParam = (speeds: readonly { value: string; label: Bilingual }[]): FamilyParam => ({
  key: 'speed',
  type: 'choice',
  default: NO_SPEED,
  choices: [
    { value: NO_SPEED, label: { en: 'None: as the model was made', zh: '不使用' } },
    ...speeds.map(({ value, label }) => ({ value, label })),
  ],
  effect: true,
});
export const referenceModeParam: FamilyParam = {
  key: 'reference_mode',
  type: 'choice',
  default: 'stitched',
  effect: true,
  choices: [
    { value: 'stitched', label: { en: 'Side by side in one picture', zh: '拼接为一张图' } },
    { value: 'chained', label: { en: 'Each on its own', zh: '逐张参考' } },
  ],
};
export const layersParam = (value: number): FamilyParam => ({
  key: 'layers',
  type: 'integer',
  default: value,
  min: MIN_LAYERS,
  max: MAX_LAYERS,
  step: 1,
  effect: true,
});
export const strengthParam = (value: number): FamilyParam => ({
  key: 'strength',
  type: 'number',
  default: value,
  min: 0,
  max: 2,
  step: 0.05,
  effect: true,
});
export const rangeParam: FamilyParam = {
  key: 'range',
  type: 'number',
  default: 1,
  min: 0,
  max: 1,
  step: 0.05,
  effect: true,
};
export const negativeParam: FamilyParam = {
  key: 'negative_prompt',
  type: 'text',
  default: null,
  effect: true,
};

/** Accepted, ignored, shown disabled with the reason. */
export const noEffect = (key: FamilyParam['key'], value: number | null, reason: Bilingual): FamilyParam => ({
  key,
  type: key === 'negative_prompt' ? 'text' : 'number',
  default: value,
  effect: false,
  reason,
});

export const NO_NEGATIVE: Bilingual = {
  en: 'At cfg 1 the model never looks at a negative prompt. Say what you want to see instead.',
  zh: 'cfg 为 1 时模型不会读取反向提示词，请直接描述想要的画面。',
};
export const NO_CFG: Bilingual = {
  en: 'This model is distilled: it is always run at cfg 1.',
  zh: '该模型经过蒸馏，始终以 cfg 1 运行。',
};
export const NO_RANGE: Bilingual = {
  en: 'This control acts on the model itself, from the first step to the last.',
  zh: '该控制作用于模型本身，从第一步到最后一步始终生效。',
};
/** Of a model without a guidance input. */
export const noGuidance = (label: string, cfg: number): Bilingual =>
  cfg === 1
    ? {
        en: `${label} has no guidance input; any number gives the same picture.`,
        zh: `${label} 没有引导强度输入，任何数值结果都相同。`,
      }
    : {
        en: 'Only the FLUX dev models read this number; here it is cfg that counts.',
        zh: '只有 FLUX dev 系列模型使用该数值；这里起作用的是 cfg。',
      };
