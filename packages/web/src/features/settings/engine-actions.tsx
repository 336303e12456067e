/** Actions on a ComfyUI server: the most likely one as a button, the others in a menu. */
import type { EngineHealth } from '@limner/contract';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refreshServer, updateServer } from '../../state/servers.ts';
import { attempt } from '../../state/task-actions.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './engine-actions.module.css';

interface EngineActionsProps {
  engine: EngineHealth;
  name: string;
  onRename: () => void;
  onRemove: () => void;
}

export function EngineActions({ engine, name, onRename, onRemove }: EngineActionsProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const run = async (action: () => Promise<void>) => {
    setBusy(true);
    await attempt(action);
    setBusy(false);
  };
  const check = () => void run(() => refreshServer(engine.id));
  const mode = (next: 'enabled' | 'draining' | 'disabled') => () =>
    void run(() => updateServer(engine.id, { mode: next }));
  const first = {
    draining: { label: t('settings.takeBack'), onClick: mode('enabled') },
    disabled: { label: t('settings.enable'), onClick: mode('enabled') },
    not_responding: { label: t('settings.tryNow'), onClick: check },
    unreachable: { label: t('settings.tryNow'), onClick: check },
    refused: { label: t('settings.tryNow'), onClick: check },
  }[engine.status as string] ?? { label: t('settings.drain'), onClick: mode('draining') };
  const fixed = engine.named_in === 'environment';
  const items = [
    { key: 'rename', label: t('settings.rename'), icon: <Icon name="pencil" />, onClick: onRename },
    { key: 'check', label: t('settings.lookAgain'), icon: <Icon name="retry" />, onClick: check },
    engine.status !== 'disabled' && {
      key: 'disable',
      label: t('settings.disable'),
      icon: <Icon name="close" />,
      onClick: mode('disabled'),
    },
    {
      key: 'remove',
      label: (
        <>
          {t('settings.remove')}
          {fixed && <small className={styles.why}>{t('settings.fixedEngine')}</small>}
        </>
      ),
      icon: <Icon name="trash" />,
      disabled: fixed,
      onClick: onRemove,
    },
  ].filter((item) => item !== false);
  return (
    <span className={styles.actions}>
      <Button size="small" type="text" loading={busy} onClick={first.onClick}>
        {first.label}
      </Button>
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
        <IconButton icon="more" label={t('settings.engineMenu', { name })} />
      </Dropdown>
    </span>
  );
}
