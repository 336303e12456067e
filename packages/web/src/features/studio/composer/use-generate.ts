import { useCallback, useState } from 'react';
import { rememberPrompt, useDraft } from '../../../state/draft/draft.ts';
import { countOf, familyFor, obstacle } from '../../../state/draft/draft-rules.ts';
import { anyRefused, useRefusedNumbers } from '../../../state/draft/refused-numbers.ts';
import { useUploads } from '../../../state/draft/uploads.ts';
import { fromDraft } from '../../../state/recipe/from-draft.ts';
import { dismissOffer } from '../../../state/recipe/recipe-offer.ts';
import { dismissLost } from '../../../state/recipe/restore.ts';
import { useStudio } from '../../../state/studio.ts';
import { attempt, paint } from '../../../state/task-actions.ts';
import { useTasks } from '../../../state/tasks.ts';
import { useWildcardCure } from './use-wildcard-cure.ts';

export type Obstacle = ReturnType<typeof obstacle>;

export interface Generate {
  run: () => void;
  sending: boolean;
  obstacle: Obstacle;
  /** Models or styles are not loaded, so obstacles are unknown. */
  waiting: boolean;
  offline: boolean;
}

export function useGenerate(onDone: () => void): Generate {
  const [sending, setSending] = useState(false);
  const cureOf = useWildcardCure();
  const families = useStudio((state) => state.families);
  const styleId = useStudio((state) => state.styleId);
  const hasStyles = useStudio((state) => state.styles.length > 0);
  const loaded = useStudio((state) => state.loaded);
  const styleFamilies = useStudio(({ styles }) => styles.find(({ id }) => id === styleId)?.families);
  const offline = useTasks((state) => state.connection === 'lost');
  const uploading = useUploads(({ count }) => count > 0);
  const family = useDraft((draft) => familyFor(families, draft));
  // Selects only derived values, because the whole form renders with it and the prompt changes at each key.
  const hasRefused = useRefusedNumbers(anyRefused);
  const pending = { uploading, hasRefusedNumber: hasRefused };
  const inTheWay = useDraft((draft) => obstacle(draft, family, styleId, styleFamilies, pending));

  const run = useCallback(() => {
    if (inTheWay === 'composer.promptFirst') document.querySelector<HTMLElement>('[data-prompt]')?.focus();
    if (!family || styleId === null || inTheWay || sending || offline) return;
    setSending(true);
    void attempt(async () => {
      const draft = useDraft.getState();
      const style = useStudio.getState().styles.find(({ id }) => id === styleId) ?? null;
      await paint(fromDraft(draft, family, style), countOf(draft));
      dismissLost();
      dismissOffer();
      rememberPrompt(draft.prompt.trim());
      onDone();
      document.querySelector('[data-wall]')?.scrollTo({ top: 0, behavior: 'smooth' });
    }, cureOf).finally(() => setSending(false));
  }, [family, styleId, inTheWay, sending, offline, onDone, cureOf]);

  const waiting = !loaded || (styleId === null && !hasStyles);
  return { run, sending, obstacle: inTheWay, waiting, offline };
}
