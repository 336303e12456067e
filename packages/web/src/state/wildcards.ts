/** The wildcards that prompts can name. Files may be changed outside of Limner, so views read the list again when they open. */
import { StudioError, type Wildcard } from '@limner/contract';
import i18next from 'i18next';
import { useEffect } from 'react';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import { ask } from './ask.ts';
import { useChangedLists } from './changed-lists.ts';
import { notify } from './notices.ts';
import { attempt } from './task-actions.ts';

interface Wildcards {
  /** null: not read yet. */
  wildcards: Wildcard[] | null;
  problem: unknown;
}

export const useWildcards = create<Wildcards>(() => ({ wildcards: null, problem: null }));

export async function loadWildcards(): Promise<void> {
  try {
    useWildcards.setState({ wildcards: await api.call('listWildcards', {}), problem: null });
  } catch (problem) {
    useWildcards.setState({ problem });
  }
}

/** Reads the list while `wanted`, and again when any window changes one. */
export function useWatchedWildcards(wanted = true): void {
  const changes = useChangedLists((state) => state.wildcards);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again after each change
  useEffect(() => {
    if (wanted) void loadWildcards();
  }, [wanted, changes]);
}

/** Opens the editor for a wildcard that a prompt lacks; a name with stars is none of one. */
export const newWildcardAddress = (name: string): string =>
  name.includes('*') ? '/settings/wildcards' : `/settings/wildcards?new=${encodeURIComponent(name)}`;

export async function saveWildcard(name: string, text: string, replaces: string | null): Promise<void> {
  await api.call('putWildcard', { body: { name, text, replaces } });
  await loadWildcards();
}

export async function renameWildcard(name: string, to: string): Promise<void> {
  await api.call('renameWildcard', { body: { name, to } });
  await loadWildcards();
}

/** What the file holds now; version null: there is none. */
export interface PresentText {
  text: string;
  version: string | null;
}

export async function presentText(name: string): Promise<PresentText> {
  try {
    return await api.call('getWildcard', { query: { name } });
  } catch (problem) {
    if (isRefusal(problem, 'wildcard_not_found')) return { text: '', version: null };
    throw problem;
  }
}

export const isRefusal = (problem: unknown, code: StudioError['code']): boolean =>
  problem instanceof StudioError && problem.code === code;

/** How long a notice offers to undo a deletion. */
const UNDO_MS = 8_000;

/** Asks first, because there is no bin for wildcards. Undo writes the text again. */
export async function deleteWildcard(name: string): Promise<void> {
  await attempt(async () => {
    const before = await presentText(name).catch((problem: unknown) => {
      if (isRefusal(problem, 'wildcard_unusable')) return null;
      throw problem;
    });
    const lines: string[] = [i18next.t('wildcards.deleteLine')];
    if (before === null) lines.push(i18next.t('wildcards.deleteUnreadable'));
    const [confirm, keep] = [i18next.t('common.delete'), i18next.t('common.cancel')];
    if (!(await ask({ title: i18next.t('wildcards.deleteTitle', { name }), lines, confirm, keep }))) return;
    await api.call('deleteWildcard', { query: { name } });
    const undo = () => void attempt(() => saveWildcard(name, before?.text ?? '', null));
    const action = before && { label: i18next.t('common.undo'), run: undo };
    notify(
      { text: i18next.t('wildcards.deleted', { name }), tone: 'news', ...(action ? { action } : {}) },
      UNDO_MS,
    );
    await loadWildcards();
  });
}
