/** Words written down as one line, with commas between. */
export const words = (...lists: string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split(',').map((word) => word.trim())));
