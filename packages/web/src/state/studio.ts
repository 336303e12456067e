/** Families, engines and styles, and the chosen style. */

import type {
  EngineHealth,
  FamilyOffer,
  LoraStyleInput,
  Style,
  StyleCreate,
  StyleUpdate,
} from '@limner/contract';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { api } from '../api/api.ts';
import { apiTellingSent } from '../api/api-telling-sent.ts';
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

/** A style with a LoRA file of its own selects a model that the file fits, and deselects it again. */
export function chooseStyle(styleId: number): void {
  const { styles, styleId: before, families } = useStudio.getState();
  const [left = [], chosen = []] = [before, styleId].map(
    (id) => styles.find((style) => style.id === id)?.families ?? [],
  );
  const { family } = useDraft.getState();
  const able = chosen.find((each) => families.some(({ id, available }) => id === each && available));
  if (chosen.length > 0 && !chosen.includes(family ?? '')) compose({ family: able ?? chosen[0] ?? null });
  else if (chosen.length === 0 && family !== null && left.includes(family)) compose({ family: null });
  useStudio.setState({ styleId });
}

export async function createStyle(style: StyleCreate): Promise<Style> {
  const created = await api.call('createStyle', { body: style });
  await loadStyles();
  chooseStyle(created.id);
  return created;
}

/** Of a LoRA file that was trained elsewhere. `onSent` gets the share of it that is sent, 0…1. */
export async function createLoraStyle(
  file: File,
  query: LoraStyleInput,
  onSent: (share: number) => void,
): Promise<Style> {
  const created = await apiTellingSent(onSent).call('createLoraStyle', { query, file, fileName: file.name });
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
