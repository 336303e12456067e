import type { Bilingual } from '@limner/contract';

/** Where the address of a database was given, as messages name it: a setting, or an argument of a command. */
export type Given = Bilingual;

export const DATABASE_SETTING: Given = { en: 'DATABASE_URL', zh: 'DATABASE_URL' };
