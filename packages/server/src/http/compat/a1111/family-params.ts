/** What a client asks, as the parameters of the family that paints. What has no effect there is left out, with a note. */
import {
  type Bilingual,
  type Family,
  type FamilyParam,
  type Params,
  samplerNamed,
  scheduleNamed,
} from '@limner/contract';
import type { GenerationBody } from './generation-body.ts';

export interface FittedParams {
  params: Params;
  notes: Bilingual[];
}

type Asked = Pick<
  GenerationBody,
  | 'steps'
  | 'cfg_scale'
  | 'distilled_cfg_scale'
  | 'sampler_name'
  | 'sampler_index'
  | 'scheduler'
  | 'denoising_strength'
  | 'tiling'
>;

/** A family with so few steps of its own is distilled: clients' usual twenty make its pictures slower and no better. */
const DISTILLED_STEPS = 8;
const FEW_STEPS = 12;

export function paramsFor(family: Family, asked: Asked): FittedParams {
  const notes: Bilingual[] = [];
  const of = (key: FamilyParam['key']) => effectiveParam(family, key);
  const params: Params = {
    ...stepsOf('steps', of('steps'), asked.steps, notes),
    ...within('cfg', of('cfg'), asked.cfg_scale, notes),
    ...within('guidance', of('guidance'), asked.distilled_cfg_scale, notes),
    ...within('denoise', of('denoise'), asked.denoising_strength, notes),
    ...samplingOf(of('sampler'), of('scheduler'), asked, notes),
    ...(asked.tiling === true && of('tileable') ? { tileable: 'both' as const } : {}),
  };
  const hasCfg = family.params.some(({ key }) => key === 'cfg');
  if (!of('cfg') && asked.cfg_scale !== undefined && asked.cfg_scale !== 1)
    notes.push(hasCfg ? WITHOUT_CFG : noEffect('cfg'));
  if (!of('steps') && asked.steps !== undefined) notes.push(noEffect('steps'));
  if (!of('tileable') && asked.tiling === true) notes.push(noEffect('tiling'));
  return { params, notes };
}

export const effectiveParam = ({ params }: Family, key: FamilyParam['key']): FamilyParam | undefined =>
  params.find((param) => param.key === key && param.effect);

export function stepsOf(
  key: 'steps' | 'hires_steps',
  param: FamilyParam | undefined,
  asked: number | undefined,
  notes: Bilingual[],
): Params {
  if (!param || asked === undefined) return {};
  const own = typeof param.default === 'number' ? param.default : null;
  const isTooMany = own !== null && own <= DISTILLED_STEPS && asked > FEW_STEPS;
  return within(key, param, isTooMany ? own : asked, notes, asked);
}

/** As near as the family can. */
export function within(
  key: keyof typeof NAMES,
  param: FamilyParam | undefined,
  wanted: number | undefined,
  notes: Bilingual[],
  asked = wanted,
): Params {
  if (!param || wanted === undefined || asked === undefined) return {};
  const value = Math.min(param.max ?? wanted, Math.max(param.min ?? wanted, wanted));
  if (value !== asked) notes.push(changed(key, asked, value));
  return { [key]: value };
}

function samplingOf(
  sampler: FamilyParam | undefined,
  scheduler: FamilyParam | undefined,
  { sampler_name, sampler_index, scheduler: schedule = '' }: Asked,
  notes: Bilingual[],
): Params {
  const written = sampler_name || sampler_index || '';
  const isAutomatic = /^(automatic)?$/i.test(schedule.trim());
  const named = samplerNamed(written);
  const asked = {
    sampler: named.sampler,
    scheduler: isAutomatic ? named.scheduler : scheduleNamed(schedule),
  };
  const params = {
    ...chosen('sampler', sampler, asked.sampler),
    ...chosen('scheduler', scheduler, asked.scheduler),
  };
  if (written !== '' && params.sampler === undefined) notes.push(unused(written));
  if (!isAutomatic && params.scheduler === undefined) notes.push(unused(schedule));
  return params;
}

const chosen = (
  key: 'sampler' | 'scheduler',
  param: FamilyParam | undefined,
  value: string | null,
): Pick<Params, 'sampler' | 'scheduler'> =>
  value !== null && param?.choices?.some((choice) => choice.value === value) ? { [key]: value } : {};

const WITHOUT_CFG: Bilingual = {
  en: 'CFG scale runs at 1: this model has no other.',
  zh: 'CFG 以 1 运行：该模型没有其他值。',
};

const NAMES = {
  steps: { en: 'Steps', zh: '步数' },
  cfg: { en: 'CFG scale', zh: 'CFG' },
  guidance: { en: 'Distilled CFG scale', zh: '引导强度' },
  denoise: { en: 'Denoising strength', zh: '重绘强度' },
  hires_scale: { en: 'Hires upscale', zh: '高清放大倍数' },
  hires_steps: { en: 'Hires steps', zh: '高清重绘步数' },
  hires_denoise: { en: 'Denoising strength', zh: '重绘强度' },
  tiling: { en: 'Tiling', zh: '无缝平铺' },
} as const satisfies Partial<Record<FamilyParam['key'] | 'tiling', Bilingual>>;

const noEffect = (key: keyof typeof NAMES): Bilingual => ({
  en: `${NAMES[key].en} has no effect on this model.`,
  zh: `${NAMES[key].zh}对该模型不起作用。`,
});

const changed = (key: keyof typeof NAMES, asked: number, value: number): Bilingual => ({
  en: `${NAMES[key].en} is ${value} instead of ${asked}, for this model.`,
  zh: `${NAMES[key].zh}由 ${asked} 改为该模型支持的 ${value}。`,
});

const unused = (written: string): Bilingual => ({
  en: `${written} is not offered here; the model's own is used.`,
  zh: `此处不提供 ${written}，使用模型自己的设置。`,
});
