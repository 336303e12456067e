import type { ModelDownload, ServerModels } from '@limner/contract';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../../api/api.ts';
import { useChangedLists } from '../../../state/changed-lists.ts';
import { useStudio } from '../../../state/studio.ts';

/** Read again when servers change and while they download. */
export function useServerModels() {
  const [models, setModels] = useState<ServerModels[] | null>(null);
  const [downloads, setDownloads] = useState<ModelDownload[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const changes = useChangedLists((state) => state.models);
  const servers = useStudio(({ engines }) =>
    engines.map(({ id, kind, status }) => (kind === 'comfy' ? `${id} ${status}` : '')).join(),
  );
  const load = useCallback(() => {
    setProblem(null);
    api.call('listModels', {}).then(setModels, setProblem);
    api.call('listModelDownloads', {}).then(setDownloads, setProblem);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again after each change
  useEffect(load, [load, changes, servers]);
  return { models, downloads, problem, load };
}
