import type { Webhook } from '@limner/contract';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../../api/api.ts';
import { useChangedLists } from '../../../state/changed-lists.ts';

/** Read again when any window or Limner itself changes one. */
export function useWebhooks() {
  const [webhooks, setWebhooks] = useState<Webhook[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const changes = useChangedLists((state) => state.webhooks);
  const load = useCallback(() => {
    setProblem(null);
    api.call('listWebhooks', {}).then(setWebhooks, setProblem);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again after each change
  useEffect(load, [load, changes]);
  return { webhooks, problem, load };
}
