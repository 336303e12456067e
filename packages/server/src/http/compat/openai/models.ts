/** `/v1/models`: the families that make pictures now, their files, and names that clients offer in fixed lists. */
import { type FamilyOffer, StudioError, type TaskKind } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';
import { modelName, type NamedModel, namedModels, readModelName } from '../model-names.ts';
import type { Model } from './answers.ts';
import type { Order } from './requests.ts';

const PAINTERS: readonly TaskKind[] = ['generation', 'edit'];

/** Each of them means the best family, as every unknown name does. */
const KNOWN_TO_CLIENTS = [
  'gpt-image-1',
  'gpt-image-1-mini',
  'gpt-image-1.5',
  'gpt-image-2',
  'chatgpt-image-latest',
  'dall-e-2',
  'dall-e-3',
];

export async function listModels({ engines }: Pick<DialectDesk, 'engines'>): Promise<Model[]> {
  const offered = (await engines.offers()).filter(isOffered).flatMap(namedModels).map(modelName);
  return [...new Set([...offered, ...KNOWN_TO_CLIENTS])].map(modelNamed);
}

const isOffered = ({ kind, available }: FamilyOffer): boolean => available && PAINTERS.includes(kind);

/** Families have no date. */
const modelNamed = (id: string): Model => ({ id, object: 'model', created: 0, owned_by: 'limner' });

/** @throws StudioError `family_not_found` */
export async function findModel(desk: Pick<DialectDesk, 'engines'>, id: string): Promise<Model> {
  const model = (await listModels(desk)).find((known) => known.id === id);
  if (!model) throw new StudioError('family_not_found', { data: { family: id } });
  return model;
}

/** The name that was asked for, if nothing here has it and clients do not offer it by themselves. */
export function unknownModel(
  { engines }: Pick<DialectDesk, 'engines'>,
  { model = '' }: Pick<Order, 'model'>,
): string | null {
  const isKnown =
    KNOWN_TO_CLIENTS.includes(model) ||
    engines.family(model) ||
    engines.family(readModelName(model)?.family ?? '');
  return model === '' || isKnown ? null : model;
}

/** What a request asks to paint with; both null: the best family. */
export interface ChosenModel {
  family: string | null;
  file: string | null;
}

/** `model` counts only if it names a family for this work. A file that is not there is refused by the new task. */
export function modelOf(
  { engines }: Pick<DialectDesk, 'engines'>,
  { family, model = '' }: Pick<Order, 'family' | 'model'>,
  ...kinds: TaskKind[]
): ChosenModel {
  const named: NamedModel = engines.family(model)
    ? { family: model, file: null }
    : (readModelName(model) ?? { family: model, file: null });
  if (family !== undefined) return { family, file: named.family === family ? named.file : null };
  const known = engines.family(named.family);
  return known && kinds.includes(known.kind) ? named : { family: null, file: null };
}
