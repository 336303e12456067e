import { type Client, namesOfStyle, type Style } from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import type { Words } from './words.ts';

/** The base style has a name in each language. */
export const styleName = ({ is_base, name }: Style, { style }: Words): string =>
  is_base ? style.baseName : name;

/** By its name, of the base style in any language, or else by its number. */
export async function findStyle(wanted: string, client: Client, words: Words): Promise<Style> {
  const styles = await client.call('listStyles', {});
  const style =
    styles.find((each) => namesOfStyle(each).includes(wanted)) ??
    styles.find(({ id }) => String(id) === wanted);
  if (style) return style;
  throw new CliError(
    words.usage.styleUnknown(wanted, styles.map((each) => styleName(each, words)).join(', ')),
    EXIT.usage,
  );
}
