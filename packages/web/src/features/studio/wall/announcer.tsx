import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { placeAmong } from '../../../state/frames.ts';
import { useTasks } from '../../../state/tasks.ts';
import { kindContext } from '../../../ui/made-words.ts';

/** Announces each finished or failed picture to screen readers, but not each step. */
export function Announcer() {
  const { t } = useTranslation();
  const [news, setNews] = useState('');
  const known = useRef(new Map<string, string>());
  useEffect(
    () =>
      useTasks.subscribe(({ entries }, before) => {
        for (const { item, detail } of Object.values(entries)) {
          if (detail === before.entries[item.id]?.detail) continue;
          if (detail?.task_kind === 'control_preview') continue;
          for (const frame of detail?.frames ?? []) {
            const key = `${detail?.id}_${frame.index}`;
            const before = known.current.get(key);
            known.current.set(key, frame.status);
            if (before !== 'running' || frame.status === before) continue;
            const words = {
              ...kindContext(detail?.task_kind),
              n: detail ? placeAmong(detail, frame) : 1,
              total: detail?.total_frames ?? 1,
            };
            if (frame.status === 'completed') setNews(t('tile.done', words));
            if (frame.status === 'failed') setNews(t('tile.failedNews', words));
          }
        }
      }),
    [t],
  );
  return (
    <div className="visually-hidden" aria-live="polite">
      {news}
    </div>
  );
}
