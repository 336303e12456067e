import type { Client, Style } from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import type { Words } from './words.ts';

/** By its name, or else by its number. */
export async function findStyle(wanted: string, client: Client, words: Words): Promise<Style> {
  const styles = await client.call('listStyles', {});
  const style = styles.find(({ name }) => name === wanted) ?? styles.find(({ id }) => String(id) === wanted);
  if (style) return style;
  throw new CliError(words.usage.styleUnknown(wanted, styles.map(({ name }) => name).join(', ')), EXIT.usage);
}
