/** What a style is called: the base style has a name in each language. */
import type { Language } from './error.ts';
import type { Bilingual } from './family.ts';
import type { Style } from './style.ts';

/** The Chinese one is in its row. */
export const BASE_STYLE_NAME: Bilingual = { en: 'Base style', zh: '基础风格' };

export const styleName = ({ is_base, name }: Style, language: Language): string =>
  is_base ? BASE_STYLE_NAME[language] : name;

/** What a style may be called: the base style in either language. */
export const namesOfStyle = ({ is_base, name }: Style): string[] =>
  is_base ? [name, ...Object.values(BASE_STYLE_NAME)] : [name];
