import type { DatasetListItem } from '@limner/contract';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '../../api/api.ts';
import { ago } from '../../i18n/format.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { useDatasets } from '../../state/datasets.ts';
import { attempt } from '../../state/task-actions.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { TrainingTabs } from '../../ui/training-tabs.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import styles from './datasets-page.module.css';

export function DatasetList() {
  const { t } = useTranslation();
  usePageTitle(t('datasets.title'));
  const { sets, problem } = useDatasets();
  return (
    <main className={styles.page}>
      <TrainingTabs />
      <header className={styles.head}>
        <div>
          <h1>{t('datasets.title')}</h1>
          <p className={styles.about}>{t('datasets.about')}</p>
        </div>
        <NewSet />
      </header>
      {problem != null && <Empty sentence={sentenceOf(problem)} />}
      {sets?.length === 0 && <Empty sentence={t('datasets.none')} />}
      <ul className={styles.sets}>
        {sets?.map((set) => (
          <SetCard key={set.id} set={set} />
        ))}
      </ul>
    </main>
  );
}

function NewSet() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const { id } = await api.call('createDataset', { body: { name } });
      navigate(`/datasets/${id}`);
    });
  };
  return (
    <form className={styles.create} onSubmit={submit}>
      <Input
        value={name}
        maxLength={60}
        placeholder={t('datasets.nameOf')}
        aria-label={t('datasets.nameOf')}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="primary" htmlType="submit" disabled={name.trim() === ''}>
        {t('datasets.create')}
      </Button>
    </form>
  );
}

function SetCard({ set }: { set: DatasetListItem }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to={`/datasets/${set.id}`} className={styles.card}>
        <span className={styles.covers} data-count={set.covers.length}>
          {set.covers.length === 0 && <Icon name="image" size={22} />}
          {set.covers.map((url) => (
            <Thumb key={url} url={url} alt="" width={120} />
          ))}
        </span>
        <b>{set.name}</b>
        <span className={styles.quiet}>
          {t('common.pictures', { count: set.pictures })}
          {' · '}
          {t('datasets.captioned', { count: set.captioned })}
          {' · '}
          {ago(set.updated_at)}
        </span>
      </Link>
    </li>
  );
}
