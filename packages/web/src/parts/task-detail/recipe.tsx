import type { Frame, Task } from '@limner/contract';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { bytes, grouped } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { paramName } from '../../i18n/param-name.ts';
import { madeBy } from '../../state/made-by.ts';
import { valuesOf } from '../../state/recipe/param-values.ts';
import { usedNegative } from '../../state/recipe/used-negative.ts';
import { useStudio } from '../../state/studio.ts';
import { Facts } from '../../ui/facts.tsx';

/** The recipe of a picture, and its result. */
export function Recipe({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const families = useStudio((state) => state.families);
  const engines = useStudio((state) => state.engines);
  const style = useStudio((state) => state.styles.find(({ id }) => id === task.style_id));
  const made = madeBy(task, frame, { families, engines }, language);
  const { output } = frame;
  // A workflow that was removed, or is turned off.
  const isGone = useStudio((state) => state.loaded) && families.every(({ id }) => id !== task.family);
  const facts: [string, ReactNode][] = [
    [t('detail.model'), isGone ? t('detail.goneModel', { model: made.family }) : made.family],
    [t('detail.style'), style?.is_base ? t('styles.base') : task.recipe.style?.name],
    [t('detail.mode'), task.type && task.type !== 'txt2img' && t(`kind.${task.type}`)],
    [
      t('detail.size'),
      output ? `${output.width} × ${output.height}` : task.width && `${task.width} × ${task.height}`,
    ],
    [t('detail.seed'), task.prompt && <code>{grouped(frame.seed)}</code>],
    ...params(task),
    [t('detail.negative'), usedNegative(task, families)],
    [
      t('detail.references'),
      task.references.length > 0 && t('common.pictures', { count: task.references.length }),
    ],
    [t('detail.styleImages'), styleImages(task, t)],
    [
      t('detail.controlnet'),
      task.controlnet_config &&
        `${t(`control.${task.controlnet_config.type}`)} ${task.controlnet_config.strength.toFixed(2)}`,
    ],
    [
      t('detail.source'),
      task.source_task_id && (
        <Link to={`/history?task=${task.source_task_id}`}>
          {t('detail.sourceTask', { id: task.source_task_id })}
        </Link>
      ),
    ],
    [
      t('grid.fold'),
      task.grid && <Link to={`/grids/${task.grid.id}`}>{t('grid.title', { id: task.grid.id })}</Link>,
    ],
    [t('detail.engine'), made.engine],
    [t('detail.chosen'), task.choice.why !== 'asked' && task.choice.note[language]],
    [t('detail.file'), output && bytes(output.size_bytes)],
  ];
  return <Facts facts={facts} />;
}

function styleImages({ recipe: { style_images } }: Task, t: TFunction): string | null {
  const strengths = style_images.flatMap(({ strength }) => (strength === null ? [] : strength.toFixed(2)));
  if (style_images.length === 0) return null;
  return [t('common.pictures', { count: style_images.length }), ...strengths].join(' · ');
}

const params = (task: Task): [string, ReactNode][] =>
  Object.entries(valuesOf(task)).map(([key, value]) => [paramName(key), String(value)]);
