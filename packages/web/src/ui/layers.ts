/**
 * Layers above a page are in the address, so that they can be linked and Back closes them. Opening adds an entry to the
 * browser's history, changing what is shown replaces it, and closing goes back. The entry remembers which layers were
 * opened on the way to it: an entry without that memory is left by replacing it.
 */
import { useCallback } from 'react';
import { useNavigate, useSearchParams } from 'react-router';

/** Each layer's parameters, the lowest layer first; a layer is open while its first parameter is there. */
const LAYERS = { task: ['task', 'picture'], viewer: ['viewer'] } as const;

export type Layer = keyof typeof LAYERS;
export type LayerValues = Record<string, string | null>;

interface EntryState {
  layers?: Layer[];
}

/** Where the router keeps the state of an entry. */
const stateOf = (state: { usr?: EntryState } | null): EntryState => state?.usr ?? {};

/** Called before the router starts: for a link to a layer it adds an entry of the page itself before it. */
export function layPageUnder(): void {
  if (history.state) return;
  const asked = new URLSearchParams(location.search);
  const open = (Object.keys(LAYERS) as Layer[]).filter((layer) => asked.has(LAYERS[layer][0]));
  if (open.length === 0) return;
  const shown = new URLSearchParams(asked);
  for (const layer of open) for (const key of LAYERS[layer]) shown.delete(key);
  history.replaceState({ idx: 0 }, '', addressOf(shown));
  open.forEach((layer, at) => {
    copy(asked, shown, layer);
    history.pushState({ usr: { layers: open.slice(0, at + 1) }, idx: at + 1 }, '', addressOf(shown));
  });
}

function copy(from: URLSearchParams, to: URLSearchParams, layer: Layer): void {
  for (const key of LAYERS[layer]) {
    const value = from.get(key);
    if (value !== null) to.set(key, value);
  }
}

function addressOf(params: URLSearchParams): string {
  const search = params.toString();
  return search === '' ? location.pathname : `${location.pathname}?${search}`;
}

/** The layer's parameters in the address, and a setter; null closes it. */
export function useLayer(layer: Layer) {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const show = useCallback(
    (values: LayerValues | null) => {
      // The router renders a new address later, so the last set value counts.
      const now = new URLSearchParams(location.search);
      const state = stateOf(history.state);
      const wasOpen = now.has(LAYERS[layer][0]);
      if (!values && !wasOpen) return;
      if (!values && state.layers?.at(-1) === layer) return void navigate(-1);
      for (const key of LAYERS[layer]) now.delete(key);
      for (const [key, value] of Object.entries(values ?? {})) if (value !== null) now.set(key, value);
      const entry = wasOpen
        ? { replace: true, state }
        : { state: { layers: [...(state.layers ?? []), layer] } satisfies EntryState };
      void navigate({ search: now.toString() }, entry);
    },
    [layer, navigate],
  );
  return { params, show };
}
