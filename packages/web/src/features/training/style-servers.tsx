/** On which ComfyUI servers the style can be painted with, before it is. */
import type { StyleOnServer } from '@limner/contract';
import { Button } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { attempt } from '../../state/task-actions.ts';
import styles from './style-servers.module.css';

/** While a file is on its way. */
const ASK_AGAIN_MS = 3_000;

/** `file`: the address of its LoRA, which is another one when the style gets another LoRA. */
export function StyleServers({ style, file }: { style: number; file: string }) {
  const { t } = useTranslation();
  const [places, setPlaces] = useState<StyleOnServer[]>([]);
  const ask = useCallback(
    () =>
      api.call('styleServers', { params: { id: style } }).then(
        setPlaces,
        // The style may be gone.
        () => setPlaces([]),
      ),
    [style],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file is somewhere else
  useEffect(() => void ask(), [ask, file]);
  const isSending = places.some(({ state }) => state === 'sending');
  useEffect(() => {
    if (!isSending) return;
    const timer = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isSending, ask]);
  if (places.length === 0) return null;
  const send = () => attempt(async () => setPlaces(await api.call('sendStyle', { params: { id: style } })));
  return (
    <section aria-label={t('training.servers')} className={styles.servers}>
      <ul>
        {places.map(({ server, state, note }) => (
          <li key={server} data-state={state}>
            <b>{server}</b> {t(`training.server.${state}`)}
            {note && <span className={styles.note}>{note[spokenLanguage()]}</span>}
          </li>
        ))}
      </ul>
      {places.some(({ state }) => state === 'waiting' || state === 'refused') && (
        <Button size="small" loading={isSending} onClick={() => void send()}>
          {t('training.sendNow')}
        </Button>
      )}
    </section>
  );
}
