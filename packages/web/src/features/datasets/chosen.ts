/** Which pictures of a set are shown; null: all. */
export type Chosen = { title: string; ids: readonly number[] } | null;
