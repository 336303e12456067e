/** A1111's checkpoints are the families that can paint here, and their files where a family has several. */
import type { Family, FamilyOffer } from '@limner/contract';
import { modelName, type NamedModel, namedModels } from '../model-names.ts';

export interface Model extends NamedModel {
  title: string;
}

export const modelsOf = (offers: readonly FamilyOffer[]): Model[] =>
  offers
    .filter(({ kind, available }) => kind === 'generation' && available)
    .flatMap((offer) =>
      namedModels(offer).map((model) => ({
        ...model,
        title: model.file === null ? titleOf(offer) : `${model.file} [${model.family}]`,
      })),
    );

/** Titles tell families apart: two workflows may have one label. */
export const titleOf = ({ id, label }: Pick<Family, 'id' | 'label'>): string =>
  label.en.toLowerCase() === id ? label.en : `${label.en} [${id}]`;

/** By title, label, id or file, whatever the case; a file also without its folder and its ending. */
export function modelNamed(models: readonly Model[], written: unknown): Model | null {
  if (typeof written !== 'string') return null;
  const name = written.trim().toLowerCase();
  return models.find((model) => namesOf(model).some((each) => each.toLowerCase() === name)) ?? null;
}

function namesOf(model: Model): string[] {
  const { title, file } = model;
  const names = [title, modelName(model), title.replace(/ \[[^\]]*\]$/, '')];
  if (file === null) return names;
  const bare = file.replace(/^.*[/\\]/, '');
  return [...names, bare, bare.replace(/\.[^.]*$/, '')];
}

/** As `sd-models` lists it. Nobody knows the hash of a file on a server. */
export const modelRow = (model: Model) => ({
  title: model.title,
  model_name: modelName(model),
  hash: null,
  sha256: null,
  filename: model.file ?? model.family,
  config: null,
});
