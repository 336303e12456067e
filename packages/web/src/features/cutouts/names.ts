import { useTranslation } from 'react-i18next';
import { useTasks } from '../../state/tasks.ts';
import { useCutouts } from './session.ts';

/** The file's name if this page knows it, otherwise the source picture or its number. */
export function useCutoutName(id: number): string {
  const { t } = useTranslation();
  const given = useCutouts((state) => state.items.find((item) => item.task === id)?.name);
  const source = useTasks((state) => state.entries[id]?.detail?.source_task_id ?? null);
  const prompt = useTasks((state) => (source === null ? undefined : state.entries[source]?.item.prompt));
  if (given) return given;
  return prompt || `${t('cutouts.result')} ${id}`;
}
