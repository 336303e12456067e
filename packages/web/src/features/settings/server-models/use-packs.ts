import type { ServerPacks } from '@limner/contract';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../../api/api.ts';
import { useStudio } from '../../../state/studio.ts';

/** ComfyUI-Manager sends no news, so it is asked while it works. */
const ASK_EVERY_MS = 3_000;

/** Missing packs by server; read again when a server comes or goes, and while one installs something. */
export function usePacks() {
  const [packs, setPacks] = useState<ServerPacks[]>([]);
  const [tries, setTries] = useState(0);
  const servers = useStudio(({ engines }) =>
    engines.map(({ id, kind, status }) => (kind === 'comfy' ? `${id} ${status}` : '')).join(),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: again after each change
  useEffect(() => {
    let isOld = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    api.call('listPacks', {}).then(
      (found) => {
        if (isOld) return;
        setPacks(found);
        if (found.some(({ working }) => working))
          timer = setTimeout(() => setTries((count) => count + 1), ASK_EVERY_MS);
      },
      // The list of files beside it says why a server cannot be read.
      () => {},
    );
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [servers, tries]);
  return { packs, ask: useCallback(() => setTries((count) => count + 1), []) };
}
