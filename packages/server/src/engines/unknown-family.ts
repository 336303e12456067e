/** The answer of every engine about a family that it does not have. */
import { type Missing, StudioError } from '@limner/contract';

export const unknownFamily = (id: string): Missing => ({
  what: 'package',
  name: id,
  cure: { en: `There is no model family "${id}".`, zh: `没有名为「${id}」的模型。` },
});

export const familyNotFound = (family: string, field?: string) =>
  new StudioError(isWorkflow(family) ? 'workflow_gone' : 'family_not_found', { data: { family }, field });

/** Ids of imported workflows begin so. */
const isWorkflow = (id: string): boolean => id.startsWith('workflow-');
