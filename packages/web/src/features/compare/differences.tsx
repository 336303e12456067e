import { useTranslation } from 'react-i18next';
import { grouped } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { paramName } from '../../i18n/param-name.ts';
import { madeBy } from '../../state/made-by.ts';
import { valuesOf } from '../../state/recipe/param-values.ts';
import { usedNegative } from '../../state/recipe/used-negative.ts';
import { useStudio } from '../../state/studio.ts';
import type { Compared } from './compared.ts';
import styles from './differences.module.css';

export function Differences({ first, second }: { first: Compared; second: Compared }) {
  const { t } = useTranslation();
  const [a, b] = [useFacts(first), useFacts(second)];
  const names = [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
  return (
    <section className={styles.differences}>
      <h2>{t('compare.differs')}</h2>
      {names.length === 0 && <p>{t('compare.same')}</p>}
      <dl>
        {names.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{a.get(name) ?? '–'}</dd>
            <dd>{b.get(name) ?? '–'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function useFacts({ task, frame }: Compared): Map<string, string> {
  const { t } = useTranslation();
  const { families, engines, styles: all } = useStudio();
  const style = all.find(({ id }) => id === task.style_id);
  const facts: [string, string | number | null | undefined][] = [
    [t('history.kind'), t(`kind.${task.task_kind}`)],
    [t('detail.prompt'), task.prompt],
    [t('detail.model'), madeBy(task, frame, { families, engines }, spokenLanguage()).family],
    [t('detail.style'), style?.is_base ? t('styles.base') : task.recipe.style?.name],
    [t('detail.size'), frame.output && `${frame.output.width} × ${frame.output.height}`],
    [t('detail.seed'), task.prompt && grouped(frame.seed)],
    [t('detail.negative'), usedNegative(task, families)],
    [
      t('detail.controlnet'),
      task.controlnet_config &&
        `${t(`control.${task.controlnet_config.type}`)} ${task.controlnet_config.strength.toFixed(2)}`,
    ],
    [
      t('detail.styleImages'),
      task.recipe.style_images
        .map(({ image, strength }) => [image, strength].filter((part) => part !== null).join(' '))
        .join(', '),
    ],
    ...Object.entries(valuesOf(task)).map(([key, value]): [string, string] => [
      paramName(key),
      String(value),
    ]),
  ];
  return new Map(facts.flatMap(([name, value]) => (value ? [[name, String(value)] as const] : [])));
}
