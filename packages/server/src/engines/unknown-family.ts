/** The answer of every engine about a family that it does not have. */
import { type Missing, StudioError } from '@limner/contract';

export const unknownFamily = (id: string): Missing => ({
  what: 'package',
  name: id,
  cure: { en: `There is no model family "${id}".`, zh: `没有名为「${id}」的模型。` },
});

export const familyNotFound = (family: string) => new StudioError('family_not_found', { data: { family } });
