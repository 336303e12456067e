/** Names of models for clients that know one word for a model: a family, or `family:file` where it has several files. */
import type { Family } from '@limner/contract';

export interface NamedModel {
  family: string;
  /** null: the one that the family takes where none is named. */
  file: string | null;
}

export const modelName = ({ family, file }: NamedModel): string =>
  file === null ? family : `${family}:${file}`;

/** The family itself and, where the servers have several files of it, each of them that can be used. */
export const namedModels = (family: Pick<Family, 'id' | 'params'>): NamedModel[] =>
  [null, ...filesOf(family)].map((file) => ({ family: family.id, file }));

function filesOf({ params }: Pick<Family, 'params'>): string[] {
  const choices = params.find(({ key, effect }) => key === 'model' && effect)?.choices ?? [];
  const files = choices.flatMap(({ value, missing = [] }) =>
    typeof value === 'string' && missing.length === 0 ? [value] : [],
  );
  return files.length > 1 ? files : [];
}

/** Ids of families have no colon; names of files may have. Null where the name has none. */
export function readModelName(name: string): { family: string; file: string } | null {
  const at = name.indexOf(':');
  return at === -1 ? null : { family: name.slice(0, at), file: name.slice(at + 1) };
}
