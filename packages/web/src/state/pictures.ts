/** What stands behind the reference of a picture: asked of the server, which alone knows where each one lies. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import type { Picture } from './draft/draft.ts';

/** null: it is gone. */
const useFound = create<Record<string, Picture | null>>(() => ({}));

/** Each of them as it is now; null for one that is not here. */
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

/** null while it is asked for, and where it is gone. */
export function usePicture(ref: string | null): Picture | null {
  const known = useFound((found) => (ref === null ? null : found[ref]));
  useEffect(() => {
    if (ref !== null && useFound.getState()[ref] === undefined)
      void findPictures([ref]).catch(() => undefined);
  }, [ref]);
  return known ?? null;
}
