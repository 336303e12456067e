/**
 * Chinese sentences have a space between Chinese characters and an inserted Latin word or number, and none between two Chinese
 * ones. Which an inserted value is, is known only when the sentence is made.
 */

const ENDS_CHINESE = /[\p{Script=Han}）」”》，。：；！？]$/u;
const BEGINS_CHINESE = /^[\p{Script=Han}（「“《，。：；！？]/u;
const SPACED_END = /[\p{Script=Han}] $/u;
const SPACED_BEGIN = /^ [\p{Script=Han}]/u;

/** `before` and `after` are the sentence's own text beside the value. */
function closedUp(before: string, value: string, after: string): { before: string; after: string } {
  return {
    before: SPACED_END.test(before) && BEGINS_CHINESE.test(value) ? before.slice(0, -1) : before,
    after: SPACED_BEGIN.test(after) && ENDS_CHINESE.test(value) ? after.slice(1) : after,
  };
}

/** As a template literal: zh`由 ${name} 制作。` */
export function zh(texts: TemplateStringsArray | readonly string[], ...values: unknown[]): string {
  const parts = [...texts];
  const inserted = values.map(String);
  for (const [index, value] of inserted.entries()) {
    const { before, after } = closedUp(parts[index] ?? '', value, parts[index + 1] ?? '');
    parts[index] = before;
    parts[index + 1] = after;
  }
  return parts.map((text, index) => text + (inserted[index] ?? '')).join('');
}
