import { StudioError } from '@limner/contract';
import i18next from 'i18next';
import { useCallback } from 'react';
import { useNavigate } from 'react-router';
import type { CureOf } from '../../../state/task-actions.ts';
import { newWildcardAddress } from '../../../state/wildcards.ts';

/** Where a prompt names a wildcard that does not exist, a button beside the error opens the editor for it. */
export function useWildcardCure(): CureOf {
  const navigate = useNavigate();
  return useCallback(
    (problem) => {
      if (!(problem instanceof StudioError && problem.code === 'wildcard_not_found')) return null;
      const address = newWildcardAddress(String(problem.data.name));
      return { label: i18next.t('wildcards.createMissing'), run: () => void navigate(address) };
    },
    [navigate],
  );
}
