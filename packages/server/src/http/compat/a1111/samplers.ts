/** Samplers, schedules and upscalers that the available families offer, under the names of A1111. */
import {
  a1111Sampler,
  a1111Schedule,
  type FamilyOffer,
  type FamilyParam,
  type ParamChoice,
} from '@limner/contract';

/** Clients expect one in the list, also where no family has a choice. */
const USUAL_SAMPLER = 'euler';

export function samplerRows(offers: readonly FamilyOffer[]) {
  const offered = valuesOf(offers, 'sampler');
  return (offered.length > 0 ? offered : [USUAL_SAMPLER]).map((sampler) => ({
    name: a1111Sampler(sampler),
    aliases: [`k_${sampler}`, sampler],
    options: {},
  }));
}

export const schedulerRows = (offers: readonly FamilyOffer[]) =>
  ['automatic', ...valuesOf(offers, 'scheduler')].map((scheduler) => ({
    name: scheduler,
    label: scheduler === 'automatic' ? 'Automatic' : a1111Schedule(scheduler),
    aliases: null,
    default_rho: -1,
    need_inner_model: false,
  }));

const valuesOf = (offers: readonly FamilyOffer[], key: FamilyParam['key']): string[] => [
  ...new Set(
    choicesOf(
      offers.filter(({ kind }) => kind === 'generation'),
      key,
    ).map(({ value }) => String(value)),
  ),
];

function choicesOf(offers: readonly FamilyOffer[], key: FamilyParam['key']): ParamChoice[] {
  const params = offers.filter(({ available }) => available).flatMap((offer) => offer.params);
  return params.filter((param) => param.key === key && param.effect).flatMap(({ choices = [] }) => choices);
}

export interface Upscaler {
  name: string;
  /** The model of Limner; null: resizing without a model. */
  model: string | null;
}

const PLAIN = ['None', 'Lanczos', 'Nearest'];

export const upscalersOf = (offers: readonly FamilyOffer[]): Upscaler[] => [
  ...PLAIN.map((name) => ({ name, model: null })),
  ...choicesOf(
    offers.filter(({ kind }) => kind === 'upscale'),
    'model',
  ).map(({ value, label }) => ({
    name: label.en,
    model: String(value),
  })),
];

export const upscalerNamed = (upscalers: readonly Upscaler[], written: string): Upscaler | undefined =>
  upscalers.find(({ name, model }) =>
    [name, model].some((each) => each?.toLowerCase() === written.toLowerCase()),
  );

export const upscalerRow = ({ name, model }: Upscaler) => ({
  name,
  model_name: model,
  model_path: null,
  model_url: null,
  scale: 4,
});
