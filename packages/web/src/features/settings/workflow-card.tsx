import type { Workflow } from '@limner/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { useStudio } from '../../state/studio.ts';
import { removeWorkflow } from '../../state/workflows.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ConfirmRemoval } from './confirm-removal.tsx';
import { Cures } from './cures.tsx';
import styles from './workflow-card.module.css';

/** A workflow: its server and its inputs. */
export function WorkflowCard({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const family = useStudio((state) => state.families.find(({ id }) => id === workflow.id));
  const name = workflow.label[spokenLanguage()];
  const missing = family && !family.available ? family.engines.flatMap((engine) => engine.missing) : [];
  return (
    <article className={styles.card}>
      <header>
        <h2>{name}</h2>
        <span>{t(`kind.${workflow.kind}`)}</span>
        <span>{t('workflows.nodes', { count: workflow.nodes })}</span>
        {workflow.is_example && <span>{t('workflows.example')}</span>}
        {!family && <span>{t('workflows.noServer')}</span>}
        {family && !family.available && <span>{t('composer.unavailable')}</span>}
        {!workflow.is_example && (
          <IconButton
            className={styles.remove}
            icon="trash"
            label={t('workflows.removeNamed', { name })}
            onClick={() => setRemoving(true)}
          />
        )}
      </header>
      {removing && (
        <ConfirmRemoval
          sentence={t('workflows.removeAsk', { name })}
          remove={() => removeWorkflow(workflow.id)}
          onKeep={() => setRemoving(false)}
        />
      )}
      <Places map={workflow.map} />
      <Cures missing={missing} />
    </article>
  );
}

const NAMES = {
  prompt: 'composer.prompt',
  negative_prompt: 'composer.negative',
  image: 'composer.input',
  mask: 'composer.mask',
  seed: 'composer.seed',
  width: 'composer.width',
  height: 'composer.height',
  steps: 'composer.steps',
  cfg: 'composer.cfg',
  guidance: 'composer.guidance',
  sampler: 'composer.sampler',
  scheduler: 'composer.scheduler',
  denoise: 'composer.denoise',
  model: 'composer.modelParam',
} as const;

/** User placeholders keep their names. */
function Places({ map }: { map: Workflow['map'] }) {
  const { t } = useTranslation();
  const places = Object.entries(map);
  if (places.length === 0) return <p className={styles.none}>{t('workflows.noMap')}</p>;
  return (
    <dl className={styles.map} aria-label={t('workflows.map')}>
      {places.map(([key, targets]) => (
        <div key={key}>
          <dt>{key in NAMES ? t(NAMES[key as keyof typeof NAMES]) : key}</dt>
          {targets.map((target) => (
            <dd key={`${target.node} ${target.input}`}>{t('workflows.place', target)}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
