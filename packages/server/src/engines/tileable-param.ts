import type { FamilyParam } from '@limner/contract';

/** Of every family whose pictures can be laid beside themselves. */
export const tileableParam: FamilyParam = {
  key: 'tileable',
  type: 'choice',
  default: 'off',
  effect: true,
  choices: [
    { value: 'off', label: { en: 'No', zh: '否' } },
    { value: 'both', label: { en: 'All sides', zh: '四边' } },
    { value: 'x', label: { en: 'Left, right', zh: '左右' } },
    { value: 'y', label: { en: 'Top, bottom', zh: '上下' } },
  ],
};
