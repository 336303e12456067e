import { StudioError, serverNameAt } from '@limner/contract';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addServer, withProtocol } from '../../state/servers.ts';
import { Field } from '../../ui/field.tsx';
import { DrawerForm } from '../../ui/form/drawer-form.tsx';
import { useSubmit } from '../../ui/form/use-submit.ts';

/** Adds a ComfyUI server. A refusal is shown at its field. */
export function EngineForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [name, setName] = useState('');
  const [token, setToken] = useState('');
  const sending = useSubmit(async () => {
    await addServer({ url, name: name.trim() || undefined, token: token.trim() || undefined });
    onClose();
  });
  const { problem } = sending;
  const malformed =
    problem instanceof StudioError && problem.code === 'invalid_request' && problem.field === 'url';
  return (
    <DrawerForm
      title={t('settings.addEngine')}
      about={t('settings.addEngineAbout')}
      sending={sending}
      action={t('settings.addEngine')}
      disabled={url.trim() === ''}
      onClose={onClose}
    >
      <Field
        label={t('settings.address')}
        hint={t('settings.addressHint')}
        problem={malformed ? t('settings.addressBad') : sending.besides('name', 'token')}
      >
        {(control) => (
          <Input
            {...control}
            value={url}
            placeholder={EXAMPLE}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={500}
            autoFocus
            onChange={(event) => {
              setUrl(event.target.value);
              sending.forget();
            }}
          />
        )}
      </Field>
      <Field
        label={t('settings.engineName')}
        aside={t('common.optional')}
        hint={t('settings.engineNameHint', { name: unnamed(url) })}
        problem={sending.at('name')}
      >
        {(control) => (
          <Input {...control} value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field
        label={t('settings.token')}
        aside={t('common.optional')}
        hint={t('settings.tokenHint')}
        problem={sending.at('token')}
      >
        {(control) => (
          <Input.Password
            visibilityToggle={false}
            {...control}
            value={token}
            maxLength={4000}
            autoComplete="off"
            onChange={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
    </DrawerForm>
  );
}

const EXAMPLE = 'http://192.168.1.20:8188';

/** The name of a server without one. */
function unnamed(address: string): string {
  const url = withProtocol(address);
  return serverNameAt(URL.canParse(url) && new URL(url).host !== '' ? url : EXAMPLE);
}
