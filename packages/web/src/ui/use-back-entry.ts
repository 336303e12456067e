/** Back ends work that is open above a page instead of leaving the page, where the work would be lost. */
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';

interface EntryState {
  usr?: { work?: true };
}

const isOfWork = (state: EntryState | null): boolean => state?.usr?.work === true;

/**
 * While `active`, the browser's history has another entry of the same address.
 * @param end is called by Back. False: the work stays open, and the next Back calls again
 */
export function useBackEntry(active: boolean, end: () => Promise<boolean>): void {
  const navigate = useNavigate();
  const last = useRef(end);
  last.current = end;
  useEffect(() => {
    if (!active) return;
    const add = () => {
      const { usr } = (history.state ?? {}) as EntryState;
      void navigate({ search: location.search, hash: location.hash }, { state: { ...usr, work: true } });
    };
    let isActive = true;
    const moved = async ({ state }: PopStateEvent) => {
      if (isOfWork(state) || (await last.current())) return;
      if (isActive) add();
    };
    add();
    addEventListener('popstate', moved);
    return () => {
      isActive = false;
      removeEventListener('popstate', moved);
      if (isOfWork(history.state)) void navigate(-1);
    };
  }, [active, navigate]);
}
