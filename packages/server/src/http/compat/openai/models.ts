/** `/v1/models`: the families that make pictures now, and names that clients offer in fixed lists. */
import { type FamilyOffer, StudioError, type TaskKind } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';
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
  const families = (await engines.offers()).filter(isOffered).map(({ id }) => id);
  return [...new Set([...families, ...KNOWN_TO_CLIENTS])].map(modelNamed);
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

/** The family that a request means; null: the best one. `model` counts only if it names a family for this work. */
export function familyOf(
  { engines }: Pick<DialectDesk, 'engines'>,
  { family, model }: Pick<Order, 'family' | 'model'>,
  ...kinds: TaskKind[]
): string | null {
  if (family !== undefined) return family;
  const named = model === undefined ? undefined : engines.family(model);
  return named && kinds.includes(named.kind) ? named.id : null;
}
