import type { Workflow, WorkflowDetail } from '@limner/contract';
import { Button, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/api.ts';
import { BASE } from '../../../api/base.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { Cures } from '../../../parts/cures.tsx';
import { useStudio } from '../../../state/studio.ts';
import { attempt } from '../../../state/task-actions.ts';
import { removeWorkflow, updateWorkflow } from '../../../state/workflows.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { ConfirmRemoval } from '../confirm-removal.tsx';
import { useKeyName } from './key-name.ts';
import styles from './workflow-card.module.css';
import { WorkflowChange } from './workflow-change.tsx';

/** A workflow: whether it can run, its inputs, and what can be done with it. */
export function WorkflowCard({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const [changing, setChanging] = useState<WorkflowDetail | null>(null);
  const family = useStudio((state) => state.families.find(({ id }) => id === workflow.id));
  const language = spokenLanguage();
  const { id, enabled, is_example, description } = workflow;
  const name = workflow.label[language];
  const missing = family && !family.available ? family.engines.flatMap((engine) => engine.missing) : [];
  return (
    <article className={styles.card} aria-label={name}>
      <header>
        <h2>{name}</h2>
        <span>{t(`kind.${workflow.kind}`)}</span>
        <span>{t('workflows.nodes', { count: workflow.nodes })}</span>
        {is_example && <span>{t('workflows.example')}</span>}
        {enabled && !family && <span>{t('workflows.noServer')}</span>}
        {family && !family.available && <span>{t('composer.unavailable')}</span>}
        {!is_example && (
          <Switch
            className={styles.switch}
            checked={enabled}
            aria-label={t('workflows.enabledNamed', { name })}
            onChange={(on) => void attempt(() => updateWorkflow(id, { enabled: on }))}
          />
        )}
      </header>
      {description && <p className={styles.about}>{description[language]}</p>}
      {workflow.licence && (
        <p className={styles.about}>{t('composer.licence', { licence: workflow.licence })}</p>
      )}
      {!enabled && <p className={styles.about}>{t('workflows.off')}</p>}
      {removing && (
        <ConfirmRemoval
          sentence={t('workflows.removeAsk', { name })}
          remove={() => removeWorkflow(id)}
          onKeep={() => setRemoving(false)}
        />
      )}
      {changing ? (
        <WorkflowChange workflow={changing} onClose={() => setChanging(null)} />
      ) : (
        <>
          <Places map={workflow.map} />
          <Cures missing={missing} />
          <div className={styles.actions}>
            {!is_example && (
              <Button
                icon={<Icon name="pencil" />}
                aria-label={t('workflows.editNamed', { name })}
                onClick={() =>
                  void attempt(async () => setChanging(await api.call('getWorkflow', { params: { id } })))
                }
              >
                {t('workflows.edit')}
              </Button>
            )}
            <Button
              icon={<Icon name="download" />}
              href={`${BASE}/api/workflows/${encodeURIComponent(id)}/file`}
              download
              aria-label={t('workflows.exportNamed', { name })}
            >
              {t('workflows.export')}
            </Button>
            {!is_example && (
              <IconButton
                icon="trash"
                label={t('workflows.removeNamed', { name })}
                onClick={() => setRemoving(true)}
              />
            )}
          </div>
        </>
      )}
    </article>
  );
}

/** User placeholders keep their names. */
function Places({ map }: { map: Workflow['map'] }) {
  const { t } = useTranslation();
  const keyName = useKeyName();
  const places = Object.entries(map);
  if (places.length === 0) return <p className={styles.none}>{t('workflows.noMap')}</p>;
  return (
    <dl className={styles.map} aria-label={t('workflows.map')}>
      {places.map(([key, targets]) => (
        <div key={key}>
          <dt>{keyName(key)}</dt>
          {targets.map((target) => (
            <dd key={`${target.node} ${target.input}`}>{t('workflows.place', target)}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
