import type { ModelDownload, ServerModels } from '@limner/contract';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../../api/api.ts';
import { useChangedLists } from '../../../state/changed-lists.ts';
import { useStudio } from '../../../state/studio.ts';

/** Downloads are read again while they grow; the files of the servers only when a server or a download has changed state. */
export function useServerModels() {
  const [models, setModels] = useState<ServerModels[] | null>(null);
  const [downloads, setDownloads] = useState<ModelDownload[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const changes = useChangedLists((state) => state.models);
  const servers = useStudio(({ engines }) =>
    engines.map(({ id, kind, status }) => (kind === 'comfy' ? `${id} ${status}` : '')).join(),
  );
  const states = downloads.map(({ id, status }) => `${id} ${status}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: again after each change
  useEffect(() => newest(api.call('listModelDownloads', {}), setDownloads, setProblem), [changes, tries]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again after each change of state
  useEffect(() => newest(api.call('listModels', {}), setModels, setProblem), [servers, states, tries]);
  const load = useCallback(() => {
    setProblem(null);
    setTries((count) => count + 1);
  }, []);
  return { models, downloads, problem, load };
}

/** Takes the answer unless a newer request was made. */
function newest<T>(
  answer: Promise<T>,
  take: (value: T) => void,
  refuse: (problem: unknown) => void,
): () => void {
  let isOld = false;
  answer.then(
    (value) => isOld || take(value),
    (problem) => isOld || refuse(problem),
  );
  return () => {
    isOld = true;
  };
}
