/** The refusal of what an engine lacks. */
import { type Bilingual, type Missing, StudioError, zh } from '@limner/contract';

/**
 * `models_missing`, with all that is missing in `data.items`. The cure of a missing server is a whole sentence; of other
 * things their names come first.
 * @param family what cannot run, named where no server is
 * @param lead a sentence before all others
 */
export function modelsMissing(
  family: Bilingual | string,
  missing: readonly Missing[],
  { field, lead }: { field?: string; lead?: Bilingual } = {},
): StudioError {
  const things = missing.filter(({ what }) => what !== 'server');
  const server = missing.find((item) => item.server)?.server ?? family;
  const { en, zh: chinese } = typeof server === 'string' ? { en: server, zh: server } : server;
  const names = things.map(({ name }) => name);
  const lacks = {
    en: `${en} lacks: ${names.join(', ')}.`,
    zh: zh`${chinese} 缺少：${names.join('、')}。`,
  };
  const sentences = [
    ...(lead ? [lead] : []),
    ...(names.length > 0 ? [lacks] : []),
    ...missing.map(({ cure }) => cure),
  ];
  const once = (language: 'en' | 'zh') => [...new Set(sentences.map((sentence) => sentence[language]))];
  const sentence = { en: once('en').join(' '), zh: once('zh').join('') };
  return new StudioError('models_missing', {
    data: { server, missing: sentence, items: missing },
    ...(field === undefined ? {} : { field }),
  });
}
