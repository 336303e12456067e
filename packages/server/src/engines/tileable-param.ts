import type { FamilyParam } from '@limner/contract';

/** Of every family whose pictures can be laid beside themselves. */
export const tileableParam: FamilyParam = {
  key: 'tileable',
  type: 'choice',
  default: 'off',
  effect: true,
  choices: [
    { value: 'off', label: { en: 'No', zh: '否' } },
    { value: 'both', label: { en: 'On all sides', zh: '四边' } },
    { value: 'x', label: { en: 'Left and right', zh: '左右' } },
    { value: 'y', label: { en: 'Above and below', zh: '上下' } },
  ],
};
