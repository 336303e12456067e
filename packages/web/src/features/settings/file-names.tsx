/** The template of file names: checked while it is typed, with an example. */
import { FILE_NAME_FIELDS, pictureName, templateProblem } from '@limner/contract';
import { Button, Input } from 'antd';
import i18next from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { notify } from '../../state/notices.ts';
import { attempt } from '../../state/task-actions.ts';
import { Field } from '../../ui/field.tsx';
import styles from './file-names.module.css';

export function FileNames() {
  const { t } = useTranslation();
  const [stored, setStored] = useState<Awaited<ReturnType<typeof readSettings>> | null>(null);
  const [template, setTemplate] = useState('');
  const show = (settings: NonNullable<typeof stored>) => {
    setStored(settings);
    setTemplate(settings.file_name_template);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => void attempt(async () => show(await readSettings())), []);
  const save = (next: string | null) =>
    attempt(async () => {
      show(await api.call('updateSettings', { body: { file_name_template: next } }));
      notify({ text: i18next.t('fileNames.saved'), tone: 'news' });
    });
  const problem = stored && templateProblem(template);
  const sentence = problem ? t('fileNames.problem', { reason: problem[spokenLanguage()] }) : null;
  return (
    <section className={styles.section} aria-labelledby="file-names">
      <h2 id="file-names">{t('fileNames.title')}</h2>
      <p>{t('fileNames.about')}</p>
      <Field
        label={t('fileNames.template')}
        hint={t('fileNames.example', { name: exampleOf(template) })}
        problem={sentence}
      >
        {(control) => (
          <Input
            {...control}
            value={template}
            disabled={stored === null}
            status={problem ? 'error' : undefined}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTemplate(event.target.value)}
            onPressEnter={(event) => !event.nativeEvent.isComposing && !problem && void save(template)}
          />
        )}
      </Field>
      <dl className={styles.fields}>
        {FILE_NAME_FIELDS.map((field) => (
          <div key={field}>
            <dt>
              <button type="button" onClick={() => setTemplate(`${template}{${field}}`)}>
                {`{${field}}`}
              </button>
            </dt>
            <dd>{t(`fileNames.field.${field}`)}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.acts}>
        <Button
          type="primary"
          disabled={stored === null || problem !== null || template === stored.file_name_template}
          onClick={() => void save(template)}
        >
          {t('common.save')}
        </Button>
        <Button
          disabled={stored === null || stored.file_name_template === stored.default_file_name_template}
          onClick={() => void save(null)}
        >
          {t('fileNames.reset')}
        </Button>
      </div>
    </section>
  );
}

const readSettings = () => api.call('settings', {});

const exampleOf = (template: string): string =>
  templateProblem(template)
    ? ''
    : pictureName(template, {
        id: '12_0',
        task: 12,
        frame: 0,
        place: 0,
        prompt: i18next.t('fileNames.prompt'),
        sourceName: '',
        seed: '7',
        family: 'starter',
        kind: 'generation',
        completedMs: Date.now(),
        file: '12_0.png',
      });
