import type { en } from './en.ts';

/** The type of every language: the keys of English. Languages without a singular omit the `…_one` forms. */
export type Sentences = Filled<typeof en>;

type Filled<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Filled<T[K]>;
};
