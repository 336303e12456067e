import type { TFunction } from 'i18next';
import { ask } from './ask.ts';

/** Before edits are lost. */
export const askToDiscard = (t: TFunction): Promise<boolean> =>
  ask({
    title: t('common.discardTitle'),
    lines: [],
    confirm: t('common.discard'),
    keep: t('common.keepEditing'),
  });
