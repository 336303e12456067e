/** The form of a model: which controls it has, which of them have an effect, and what a chosen file changes of that. */
import type { Family, FamilyParam, ParamChange, ParamChoice } from '@limner/contract';
import { tileableParam } from '../../tileable-param.ts';
import type { ServerInfo } from '../server-info.ts';
import { withChoices } from './family.ts';
import { filesOf, numbersOf, weightsFor } from './files.ts';
import { COMFY_MAX_SEED } from './graph-seed.ts';
import type { Model, Numbers, StyleWay, Weights } from './model.ts';
import {
  cfgParam,
  denoiseParam,
  guidanceParam,
  hiresParams,
  layersParam,
  modelParam,
  NO_CFG,
  NO_NEGATIVE,
  NO_RANGE,
  negativeParam,
  noEffect,
  noGuidance,
  rangeParam,
  referenceModeParam,
  same,
  samplerParam,
  schedulerParam,
  speedParam,
  stepsParam,
  strengthParam,
  styleModeParam,
  styleStrengthParam,
} from './params.ts';
import { canTile } from './seamless.ts';
import { passesTwice } from './second-pass.ts';

/** With the preferred release, for a server that is not known yet. */
export const specOf = (model: Model): Family => specWith(model, model.weights[0]);

/** With the release that the servers have, their files, and what each of these changes. */
export function specOnServers(
  model: Model,
  servers: readonly ServerInfo[],
  choices: Parameters<typeof withChoices>[2],
): Family {
  const usual = usualWeights(model, servers);
  const spec = withChoices(specWith(model, usual), servers, choices);
  const decorated = (key: FamilyParam['key'], choice: ParamChoice): ParamChoice => {
    const value = String(choice.value);
    const weights = key === 'model' ? weightsFor(model, value, [], firstServer(servers)) : usual;
    const speed = key === 'speed' ? model.speeds?.find((each) => each.value === value) : null;
    const way = key === 'style_mode' ? model.style?.ways.find((each) => each.value === value) : undefined;
    return {
      ...choice,
      ...(weights.licence === spec.licence ? {} : { licence: weights.licence }),
      ...changesOf(spec.params, controls(model, numbersOf(weights, speed), way)),
    };
  };
  const params = spec.params.map((param) =>
    DECIDING.includes(param.key)
      ? { ...param, choices: param.choices?.map((choice) => decorated(param.key, choice)) ?? [] }
      : param,
  );
  return { ...spec, params };
}

/** Choices that change other controls. */
const DECIDING: readonly FamilyParam['key'][] = ['model', 'speed', 'style_mode'];

const firstServer = ([first]: readonly ServerInfo[]): ServerInfo => first ?? { nodes: new Map() };

/** The first release, in the order of preference, that some server has. */
function usualWeights(model: Model, servers: readonly ServerInfo[]): Weights {
  const had = servers
    .filter((info) => filesOf(model, info).length > 0)
    .map((info) => weightsFor(model, undefined, filesOf(model, info), info));
  return model.weights.find((weights) => had.includes(weights)) ?? model.weights[0];
}

const specWith = (model: Model, weights: Weights): Family => ({
  id: model.id,
  kind: model.kind,
  label: same(model.label),
  description: model.description,
  experimental: false,
  types: [...model.types],
  ...(model.types.includes('inpaint') ? { outpaint: true } : {}),
  controls: [...(model.control?.types ?? [])],
  ...(model.control ? { control_preview: 'control-preview' } : {}),
  size: model.size,
  ...(model.video ? { video: model.video } : {}),
  references: model.references ?? 0,
  ...(model.style ? { style_images: model.style.most } : {}),
  loras: true,
  ...(model.layers === undefined ? {} : { layered: true }),
  max_seed: COMFY_MAX_SEED,
  params: controls(model, numbersOf(weights, null)),
  licence: weights.licence,
});

function controls(
  model: Model,
  { steps, cfg, guidance }: Numbers,
  way = model.style?.ways[0],
): FamilyParam[] {
  const { strength, control, speeds, scheduler, style } = model;
  return [
    modelParam(model.default ?? null),
    ...(speeds ? [speedParam(speeds)] : []),
    model.fixedSteps ? noEffect('steps', steps, model.fixedSteps) : stepsParam(steps, model.mostSteps),
    ...(cfg === 1 ? [] : [cfgParam(cfg)]),
    ...(guidance === undefined ? [] : [guidanceParam(guidance)]),
    ...(model.hasReferenceMode ? [referenceModeParam] : []),
    ...(model.layers === undefined ? [] : [layersParam(model.layers)]),
    samplerParam(model.sampler),
    ...(scheduler === null ? [] : [schedulerParam(scheduler)]),
    ...(strength ? [denoiseParam(strength.img2img)] : []),
    ...(canTile(model) ? [tileableParam] : []),
    ...(passesTwice(model) ? hiresParams(steps, model.mostSteps) : []),
    ...(control
      ? [strengthParam(control.strength), control.hasRange ? rangeParam : noEffect('range', 1, NO_RANGE)]
      : []),
    ...(style && style.ways.length > 1 ? [styleModeParam(style.ways)] : []),
    ...(way ? [styleStrengthOf(way)] : []),
    ...(cfg === 1
      ? [noEffect('cfg', 1, NO_CFG), noEffect('negative_prompt', null, NO_NEGATIVE)]
      : [model.negative === undefined ? negativeParam : { ...negativeParam, default: model.negative }]),
    ...(guidance === undefined
      ? [noEffect('guidance', null, model.noGuidance ?? noGuidance(model.label, cfg))]
      : []),
  ];
}

const styleStrengthOf = ({ strength, noStrength, label }: StyleWay): FamilyParam =>
  strength === undefined
    ? noEffect('style_strength', null, noStrength ?? label)
    : styleStrengthParam(strength);

/** What differs in the controls of another file. */
function changesOf(usual: FamilyParam[], other: FamilyParam[]): Pick<ParamChoice, 'changes'> {
  const changes = other.flatMap((param): ParamChange[] => {
    const known = usual.find(({ key }) => key === param.key);
    const same = known?.default === param.default && known?.effect === param.effect;
    if (!known || same || DECIDING.includes(param.key)) return [];
    const { key, effect, reason } = param;
    return [{ key, default: param.default, effect, ...(reason ? { reason } : {}) }];
  });
  return changes.length > 0 ? { changes } : {};
}
