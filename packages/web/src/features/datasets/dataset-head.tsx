import type { Dataset, DatasetUpdate } from '@limner/contract';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '../../api/api.ts';
import { BASE } from '../../api/base.ts';
import { ago } from '../../i18n/format.ts';
import { ask } from '../../state/ask.ts';
import { attempt } from '../../state/task-actions.ts';
import { Field } from '../../ui/field.tsx';
import styles from './dataset.module.css';

const GROUNDS = ['none', '#ffffff', '#808080', '#000000'] as const;

interface HeadProps {
  set: Dataset;
  onChange: (set: Dataset) => void;
}

export function DatasetHead({ set, onChange }: HeadProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const change = (body: DatasetUpdate) =>
    attempt(async () => onChange(await api.call('updateDataset', { params: { id: set.id }, body })));
  const remove = async () => {
    const yes = await ask({
      title: t('datasets.deleteAsk', { name: set.name }),
      lines: [t('datasets.deleteLine')],
      confirm: t('datasets.delete'),
      keep: t('datasets.keep'),
    });
    if (!yes) return;
    await attempt(async () => {
      await api.call('deleteDataset', { params: { id: set.id } });
      navigate('/datasets');
    });
  };
  return (
    <header className={styles.head}>
      <div className={styles.titleRow}>
        <div>
          <h1>{set.name}</h1>
          <p className={styles.quiet}>
            {t('common.pictures', { count: set.pictures })}
            {' · '}
            {t('datasets.captioned', { count: set.captioned })}
            {' · '}
            <Versions set={set} />
          </p>
        </div>
        <div className={styles.actions}>
          <Button
            type="primary"
            disabled={set.pictures === 0}
            onClick={() => navigate(`/training/new?dataset=${set.id}`)}
          >
            {t('datasets.train')}
          </Button>
          <Button
            disabled={set.pictures === 0}
            href={`${BASE}/api/datasets/${set.id}/zip`}
            download={`${set.name}.zip`}
          >
            {t('datasets.export')}
          </Button>
          <Button danger disabled={set.used_by !== null} onClick={() => void remove()}>
            {t('datasets.delete')}
          </Button>
        </div>
      </div>
      {set.used_by !== null && (
        <p className={styles.quiet}>
          {t('datasets.inUse')} <Link to={`/training/${set.used_by}`}>{t('datasets.toRun')}</Link>
        </p>
      )}
      <div className={styles.fields}>
        <SavedText
          key={`name ${set.name}`}
          label={t('datasets.nameOf')}
          value={set.name}
          most={60}
          isRequired
          save={(name) => change({ name })}
        />
        <SavedText
          key={`trigger ${set.trigger_words}`}
          label={t('styles.triggers')}
          hint={t('datasets.triggersHint')}
          value={set.trigger_words}
          most={500}
          save={(trigger_words) => change({ trigger_words })}
        />
        <Field label={t('datasets.ground')} hint={t('datasets.groundHint')}>
          {(control) => (
            <Select
              {...control}
              value={set.ground ?? 'none'}
              onChange={(ground) => void change({ ground: ground === 'none' ? null : ground })}
              options={groundsWith(set.ground).map((ground) => ({
                value: ground,
                label: isNamed(ground) ? t(`datasets.grounds.${nameOf(ground)}`) : ground,
              }))}
            />
          )}
        </Field>
      </div>
    </header>
  );
}

const isNamed = (ground: string): ground is (typeof GROUNDS)[number] =>
  GROUNDS.some((known) => known === ground);
const NAMES = { none: 'none', '#ffffff': 'white', '#808080': 'grey', '#000000': 'black' } as const;
const nameOf = (ground: (typeof GROUNDS)[number]) => NAMES[ground];
/** Programs may have chosen another colour. */
const groundsWith = (ground: string | null): string[] =>
  ground === null || isNamed(ground) ? [...GROUNDS] : [...GROUNDS, ground];

function Versions({ set }: { set: Dataset }) {
  const { t } = useTranslation();
  const [newest] = set.versions;
  if (!newest) return t('datasets.noVersion');
  const run = newest.runs.at(-1);
  const text = t('datasets.version', { number: newest.number, time: ago(newest.created_at) });
  return run === undefined ? text : <Link to={`/training/${run}`}>{text}</Link>;
}

interface SavedTextProps {
  label: string;
  hint?: string;
  value: string;
  most: number;
  isRequired?: boolean;
  save: (value: string) => Promise<boolean>;
}

/** Saved when the field is left, or with Enter. */
function SavedText({ label, hint, value, most, isRequired = false, save }: SavedTextProps) {
  const [text, setText] = useState(value);
  const done = async () => {
    const wanted = text.trim();
    if (wanted === value) return;
    if ((isRequired && wanted === '') || !(await save(wanted))) setText(value);
  };
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <Input
          {...control}
          value={text}
          maxLength={most}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => void done()}
          onPressEnter={({ currentTarget }) => currentTarget.blur()}
        />
      )}
    </Field>
  );
}
