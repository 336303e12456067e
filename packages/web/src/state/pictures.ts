/** Resolves references of pictures through the server. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import type { Picture } from './draft/draft.ts';

/** null: it does not exist. */
const useFound = create<Record<string, Picture | null>>(() => ({}));

/** The pictures; null for missing ones. */
export async function findPictures(refs: string[]): Promise<ReadonlyMap<string, Picture | null>> {
  if (refs.length === 0) return new Map();
  const answers = await api.call('resolvePictures', { body: { refs } });
  const found = new Map(
    refs.map((ref, at) => {
      const picture = answers[at];
      return [ref, picture ? { ...picture, ref: picture.id } : null];
    }),
  );
  useFound.setState(Object.fromEntries(found));
  return found;
}

/** null while loading, and if it does not exist. */
export function usePicture(ref: string | null): Picture | null {
  const known = useFound((found) => (ref === null ? null : found[ref]));
  useEffect(() => {
    if (ref !== null && useFound.getState()[ref] === undefined)
      void findPictures([ref]).catch(() => undefined);
  }, [ref]);
  return known ?? null;
}
