/** Which of a server's files a model is painted with, and the numbers that go with them. */
import type { FrameRecipe, Params } from '@limner/contract';
import { baseName, listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import type { FileRule, Model, Numbers, SpeedLora, Weights } from './model.ts';

export interface Plan {
  weights: Weights;
  /** Of `weights`, as the server spells it. */
  file: string;
  speed: SpeedLora | null;
  numbers: Numbers;
}

/** The files that can be chosen for the model. */
export const offeredFiles = (model: Model, info: ServerInfo): string[] =>
  model.offersAll ? allFiles(model, info) : filesOf(model, info);

const allFiles = (model: Model, info: ServerInfo): string[] =>
  model.lists.flatMap((list) => modelsOf(info, list));

/** Those of any release of the model. */
export const filesOf = (model: Model, info: ServerInfo): string[] =>
  allFiles(model, info).filter((file) => model.weights.some((weights) => fits(weights, file, info)));

/** The usual file, also in a sub-folder; otherwise the first that matches. */
export const chosenFile = (rule: FileRule, listed: readonly string[], info: ServerInfo): string =>
  listedName(listed, rule.usual) ??
  listed.find((file) => baseName(file) === rule.usual) ??
  listed.find((file) => rule.matches?.(file, info)) ??
  rule.usual;

export function planOf(model: Model, request: FrameRecipe, info: ServerInfo): Plan {
  const { params, type } = request;
  const listed = filesOf(model, info);
  const weights = weightsFor(model, params.model, listed, info);
  const file = params.model ?? model.default ?? chosenFile(weights, listed, info);
  const speed = model.speeds?.find(({ value }) => value === params.speed) ?? null;
  const usual = numbersOf(weights, speed);
  const inpaint = type === 'inpaint' ? model.inpaintSteps : undefined;
  return {
    weights,
    file: listedName(allFiles(model, info), file) ?? file,
    speed,
    numbers: given(usual, params, inpaint),
  };
}

export const numbersOf = (weights: Weights, speed: SpeedLora | null | undefined): Numbers => ({
  steps: speed?.steps ?? weights.steps,
  cfg: speed?.cfg ?? weights.cfg,
  ...(weights.guidance === undefined ? {} : { guidance: weights.guidance }),
});

function given({ steps, cfg, guidance }: Numbers, params: Params, inpaintSteps: number | undefined): Numbers {
  return {
    steps: params.steps ?? inpaintSteps ?? steps,
    // A distilled model at another cfg would take twice the time and distort the colours.
    cfg: cfg === 1 ? 1 : (params.cfg ?? cfg),
    ...(guidance === undefined ? {} : { guidance: params.guidance ?? guidance }),
  };
}

/** The release of the named file; without a name the first release that the server has. */
export function weightsFor(
  model: Model,
  file: string | undefined,
  listed: readonly string[],
  info: ServerInfo,
): Weights {
  const [first] = model.weights;
  const has = (weights: Weights) =>
    file === undefined ? listed.some((each) => fits(weights, each, info)) : fits(weights, file, info);
  return model.weights.find(has) ?? first;
}

const fits = (rule: FileRule, file: string, info: ServerInfo): boolean =>
  listedName([file], rule.usual) !== undefined ||
  baseName(file) === rule.usual ||
  (rule.matches?.(file, info) ?? false);
