/** Removes the spaces of a Chinese sentence beside inserted values that are Chinese too, as `zh` of the contract does. */
import type { PostProcessorModule } from 'i18next';

const HAN = '\\p{Script=Han}';
const BEGINS = new RegExp(`^${HAN}`, 'u');
const ENDS = new RegExp(`${HAN}$`, 'u');
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Without look-behind, which browsers lack that are otherwise new enough. */
function closed(text: string, value: string): string {
  const before = new RegExp(`(${HAN}) (${escaped(value)})`, 'gu');
  const after = new RegExp(`(${escaped(value)}) (${HAN})`, 'gu');
  const begun = BEGINS.test(value) ? text.replace(before, '$1$2') : text;
  return ENDS.test(value) ? begun.replace(after, '$1$2') : begun;
}

export const closedUp: PostProcessorModule = {
  type: 'postProcessor',
  name: 'closedUp',
  process: (text: string, _key, options: Record<string, unknown>) =>
    Object.values(options)
      .filter((value) => typeof value === 'string')
      .reduce(closed, text),
};
