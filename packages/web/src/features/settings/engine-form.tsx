import { StudioError } from '@limner/contract';
import { Button, Drawer, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from '../../i18n/problem.ts';
import { addServer } from '../../state/servers.ts';
import { Field } from '../../ui/field.tsx';
import styles from './engine-form.module.css';

/** Adds a ComfyUI server. What the server refuses is said at the field it is about. */
export function EngineForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [name, setName] = useState('');
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const add = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await addServer({ url, name: name.trim() || undefined, token: token.trim() || undefined });
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  const field = problem instanceof StudioError ? problem.field : undefined;
  const said = problem === null ? null : reasonOf(problem);
  const aboutUrl = field === 'name' || field === 'token' ? null : said;
  const malformed = problem instanceof StudioError && problem.code === 'invalid_request' && field === 'url';
  return (
    <Drawer open title={t('settings.addEngine')} onClose={onClose} size={400}>
      <form className={styles.form} onSubmit={(event) => void add(event)}>
        <p className={styles.about}>{t('settings.addEngineAbout')}</p>
        <Field
          label={t('settings.address')}
          hint={t('settings.addressHint')}
          problem={malformed ? t('settings.addressBad') : aboutUrl}
        >
          {(id) => (
            <Input
              id={id}
              value={url}
              placeholder="http://192.168.1.20:8188"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              maxLength={500}
              autoFocus
              onChange={(event) => {
                setUrl(event.target.value);
                setProblem(null);
              }}
            />
          )}
        </Field>
        <Field
          label={t('settings.engineName')}
          aside={t('common.optional')}
          hint={t('settings.engineNameHint')}
          problem={field === 'name' ? said : null}
        >
          {(id) => (
            <Input id={id} value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field
          label={t('settings.token')}
          aside={t('common.optional')}
          hint={t('settings.tokenHint')}
          problem={field === 'token' ? said : null}
        >
          {(id) => (
            <Input.Password
              visibilityToggle={false}
              id={id}
              value={token}
              maxLength={4000}
              autoComplete="off"
              onChange={(event) => setToken(event.target.value)}
            />
          )}
        </Field>
        <Button type="primary" htmlType="submit" disabled={url.trim() === ''} loading={busy} block>
          {t('settings.addEngine')}
        </Button>
      </form>
    </Drawer>
  );
}
