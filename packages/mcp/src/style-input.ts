/** A style by its name or number. */
import { namesOfStyle, styleName } from '@limner/contract';
import { Refusal } from './result.ts';
import type { ToolCall } from './tool.ts';

export async function styleId(
  style: string | undefined,
  { studio, words, language }: ToolCall,
): Promise<number | null> {
  if (style === undefined || style.trim() === '') return null;
  const wanted = style.trim().toLowerCase();
  const styles = await studio.client.call('listStyles', {});
  const found =
    styles.find((each) => namesOfStyle(each).some((name) => name.toLowerCase() === wanted)) ??
    styles.find(({ id }) => String(id) === wanted);
  if (found) return found.id;
  const names = styles.slice(0, 30).map((each) => styleName(each, language));
  throw new Refusal(words.noStyle(style, names));
}
