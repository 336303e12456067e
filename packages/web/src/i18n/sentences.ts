import type { en } from './en.ts';

/**
 * The shape every language fills: the keys of English. Forms that only a language with a singular needs (`…_one`) are
 * left out where there is none.
 */
export type Sentences = Filled<typeof en>;

type Filled<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Filled<T[K]>;
};
