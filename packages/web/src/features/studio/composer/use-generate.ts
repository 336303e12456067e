import { useCallback, useState } from 'react';
import {
  editRequestOf,
  familyFor,
  obstacle,
  rememberPrompt,
  requestOf,
  useComposer,
} from '../../../state/composer.ts';
import { useStudio } from '../../../state/studio.ts';
import { attempt, edit, generate } from '../../../state/task-actions.ts';
import { useTasks } from '../../../state/tasks.ts';

export type Obstacle = ReturnType<typeof obstacle>;

export interface Generate {
  run: () => void;
  sending: boolean;
  obstacle: Obstacle;
  /** Models or styles are not known yet: nothing can be said of what is in the way. */
  waiting: boolean;
  offline: boolean;
}

export function useGenerate(onDone: () => void): Generate {
  const [sending, setSending] = useState(false);
  const draft = useComposer();
  const { families, styles, styleId, loaded } = useStudio();
  const offline = useTasks((state) => state.connection === 'lost');
  const family = familyFor(families, draft);
  const inTheWay = obstacle(draft, family, styleId, styles.find(({ id }) => id === styleId)?.family);

  const run = useCallback(() => {
    if (inTheWay === 'composer.promptFirst') document.querySelector<HTMLElement>('[data-prompt]')?.focus();
    if (!family || styleId === null || inTheWay || sending || offline) return;
    setSending(true);
    void attempt(async () => {
      const { mode } = draft;
      if (mode === 'edit') await edit(editRequestOf(draft, family, styleId));
      else await generate(requestOf({ ...draft, mode }, family, styleId));
      rememberPrompt(draft.prompt.trim());
      onDone();
      document.querySelector('[data-wall]')?.scrollTo({ top: 0, behavior: 'smooth' });
    }).finally(() => setSending(false));
  }, [draft, family, styleId, inTheWay, sending, offline, onDone]);

  const waiting = !loaded || (styleId === null && styles.length === 0);
  return { run, sending, obstacle: inTheWay, waiting, offline };
}
