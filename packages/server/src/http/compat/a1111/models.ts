/** A1111's checkpoints are the families that can paint here. */
import type { Family, FamilyOffer } from '@limner/contract';

export interface Model {
  family: string;
  title: string;
}

export const modelsOf = (offers: readonly FamilyOffer[]): Model[] =>
  offers
    .filter(({ kind, available }) => kind === 'generation' && available)
    .map(({ id, label }) => ({ family: id, title: titleOf({ id, label }) }));

/** Titles tell families apart: two workflows may have one label. */
export const titleOf = ({ id, label }: Pick<Family, 'id' | 'label'>): string =>
  label.en.toLowerCase() === id ? label.en : `${label.en} [${id}]`;

/** By title, label or id, whatever the case. */
export function modelNamed(models: readonly Model[], written: unknown): Model | null {
  if (typeof written !== 'string') return null;
  const name = written.trim().toLowerCase();
  const names = ({ family, title }: Model) => [title, family, title.replace(/ \[[^\]]*\]$/, '')];
  return models.find((model) => names(model).some((each) => each.toLowerCase() === name)) ?? null;
}

/** As `sd-models` lists it. Nobody knows the hash of a file on a server. */
export const modelRow = ({ family, title }: Model) => ({
  title,
  model_name: family,
  hash: null,
  sha256: null,
  filename: family,
  config: null,
});
