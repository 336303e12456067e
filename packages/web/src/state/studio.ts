/** Families, engines and styles, and the chosen style. */

import type { EngineHealth, FamilyOffer, Style, StyleCreate, StyleUpdate } from '@limner/contract';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { api } from '../api/api.ts';
import { storageKey } from '../api/base.ts';
import { compose, useDraft } from './draft/draft.ts';

interface Studio {
  families: FamilyOffer[];
  engines: EngineHealth[];
  styles: Style[];
  loaded: boolean;
  problem: unknown;
  /** null until the styles are known; then a style is always chosen. */
  styleId: number | null;
}

export const useStudio = create<Studio>()(
  persist(
    (): Studio => ({ families: [], engines: [], styles: [], loaded: false, problem: null, styleId: null }),
    { name: storageKey('limner.studio'), partialize: ({ styleId }) => ({ styleId }) },
  ),
);

export async function loadOffers(): Promise<void> {
  try {
    const [families, engines] = await Promise.all([
      api.call('listFamilies', {}),
      api.call('listEngines', {}),
    ]);
    useStudio.setState({ families, engines, problem: null, loaded: true });
  } catch (problem) {
    useStudio.setState({ problem, loaded: true });
  }
}

export async function loadStyles(): Promise<void> {
  const styles = await api.call('listStyles', {});
  const { styleId } = useStudio.getState();
  const known = styles.some((style) => style.id === styleId);
  const base = styles.find((style) => style.is_base) ?? styles[0];
  useStudio.setState({ styles, styleId: known ? styleId : (base?.id ?? null) });
}

/** A style trained here selects its model, and deselects it again. */
export function chooseStyle(styleId: number): void {
  const { styles, styleId: before } = useStudio.getState();
  const [left, chosen] = [before, styleId].map(
    (id) => styles.find((style) => style.id === id)?.family ?? null,
  );
  if (chosen) compose({ family: chosen });
  else if (left && useDraft.getState().family === left) compose({ family: null });
  useStudio.setState({ styleId });
}

export async function createStyle(style: StyleCreate): Promise<Style> {
  const created = await api.call('createStyle', { body: style });
  await loadStyles();
  chooseStyle(created.id);
  return created;
}

export async function updateStyle(id: number, change: StyleUpdate): Promise<void> {
  await api.call('updateStyle', { params: { id }, body: change });
  await loadStyles();
}

export async function deleteStyle(id: number): Promise<void> {
  await api.call('deleteStyle', { params: { id } });
  await loadStyles();
}

const REFRESH_MS = 30_000;

/** Reloaded periodically while the page is visible, because engines, times and styles change. */
export function keepOffersFresh(): { close: () => void } {
  const refresh = () => {
    if (document.hidden) return;
    void loadOffers();
    void loadStyles().catch(() => undefined);
  };
  const timer = setInterval(refresh, REFRESH_MS);
  document.addEventListener('visibilitychange', refresh);
  return {
    close() {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    },
  };
}
