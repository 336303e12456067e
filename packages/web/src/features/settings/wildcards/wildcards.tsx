/** Wildcards: lists of words that prompts draw from. `?new=name` opens the editor for one that a prompt lacks. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { sentenceOf } from '../../../i18n/problem.ts';
import { notify } from '../../../state/notices.ts';
import { attempt } from '../../../state/task-actions.ts';
import { loadWildcards, presentText, useWatchedWildcards, useWildcards } from '../../../state/wildcards.ts';
import { Dropzone } from '../../../ui/dropzone.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { pickFiles } from '../../../ui/pick-file.ts';
import { SectionHead } from '../section-head.tsx';
import { type OpenedWildcard, WildcardEditor } from './wildcard-editor.tsx';
import { addFiles } from './wildcard-files.ts';
import { WildcardRow } from './wildcard-row.tsx';
import styles from './wildcards.module.css';

const blank = (name = ''): OpenedWildcard => ({ name, text: '', version: null });

export function Wildcards() {
  const { t } = useTranslation();
  const { wildcards, problem } = useWildcards();
  useWatchedWildcards();
  const [address, setAddress] = useSearchParams();
  const wanted = address.get('new');
  const [opened, setOpened] = useState(wanted === null ? null : blank(wanted));
  const [refused, setRefused] = useState<string[]>([]);
  const open = (name: string) => attempt(async () => setOpened({ name, ...(await presentText(name)) }));
  const close = () => {
    setOpened(null);
    if (wanted !== null) setAddress({}, { replace: true });
  };
  const take = async (files: File[]) => {
    const { saved, problems } = await addFiles(files);
    setRefused(problems);
    if (saved > 0) notify({ text: t('wildcards.saved', { count: saved }), tone: 'news' });
  };
  return (
    <Dropzone onFiles={(files) => void take(files)}>
      <div className={styles.wildcards}>
        <SectionHead title={t('wildcards.title')} sub={t('wildcards.sub')}>
          <div className={styles.actions}>
            <Button onClick={() => void pickFiles(true, '.txt,text/plain').then(take)}>
              {t('wildcards.upload')}
            </Button>
            <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpened(blank())}>
              {t('wildcards.add')}
            </Button>
          </div>
        </SectionHead>
        {refused.map((sentence) => (
          <p key={sentence} className={styles.problem} role="alert">
            {sentence}
          </p>
        ))}
        {problem != null && (
          <Empty sentence={sentenceOf(problem)}>
            <Button onClick={() => void loadWildcards()}>{t('common.tryAgain')}</Button>
          </Empty>
        )}
        {problem == null && wildcards?.length === 0 && <Example onCreate={setOpened} />}
        {problem == null && wildcards && wildcards.length > 0 && <List onOpen={(name) => void open(name)} />}
        {opened && <WildcardEditor key={opened.name} opened={opened} onClose={close} />}
      </div>
    </Dropzone>
  );
}

function List({ onOpen }: { onOpen: (name: string) => void }) {
  const { t } = useTranslation();
  const wildcards = useWildcards((state) => state.wildcards) ?? [];
  const [searched, setSearched] = useState('');
  const text = searched.trim();
  const shown = wildcards.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <Input
        type="search"
        className={styles.search}
        value={searched}
        allowClear
        prefix={<Icon name="search" />}
        aria-label={t('wildcards.search')}
        placeholder={t('wildcards.search')}
        onChange={(event) => setSearched(event.target.value)}
      />
      {shown.length === 0 && <p role="status">{t('wildcards.noMatch', { text })}</p>}
      <ul className={styles.rows}>
        {shown.map((wildcard) => (
          <WildcardRow key={wildcard.name} wildcard={wildcard} onOpen={() => onOpen(wildcard.name)} />
        ))}
      </ul>
      <p className={styles.about}>{t('wildcards.where')}</p>
    </>
  );
}

function Example({ onCreate }: { onCreate: (opened: OpenedWildcard) => void }) {
  const { t } = useTranslation();
  const [name, entries] = [t('wildcards.example.name'), t('wildcards.example.entries')];
  return (
    <div className={styles.example}>
      <h2>{t('wildcards.none')}</h2>
      <p>{t('wildcards.example.about')}</p>
      <dl>
        <dt>{t('wildcards.example.file', { name })}</dt>
        <dd>
          <pre>{entries}</pre>
        </dd>
        <dt>{t('wildcards.example.prompt')}</dt>
        <dd>
          <code>{t('wildcards.example.typed')}</code>
        </dd>
        <dt>{t('wildcards.example.drawn')}</dt>
        <dd>{t('wildcards.example.texts')}</dd>
      </dl>
      <Button onClick={() => onCreate({ name, text: entries, version: null })}>
        {t('wildcards.example.create')}
      </Button>
      <p className={styles.about}>{t('wildcards.where')}</p>
    </div>
  );
}
