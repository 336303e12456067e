/** The first UTF-16 units of a text, at most so many, without half of a surrogate pair at the end. */
export const cutText = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
