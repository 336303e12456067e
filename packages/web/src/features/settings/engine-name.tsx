import type { EngineHealth } from '@limner/contract';
import { Input } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { updateServer } from '../../state/servers.ts';
import { attempt } from '../../state/task-actions.ts';
import styles from './engine-name.module.css';

interface EngineNameProps {
  engine: EngineHealth;
  name: string;
  onDone: () => void;
}

/** Edits the name in place: Enter and blur save, Escape cancels. */
export function EngineName({ engine, name, onDone }: EngineNameProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(name);
  const over = useRef(false);
  const leave = async (keep: boolean) => {
    // Removing the field also fires blur.
    if (over.current) return;
    over.current = true;
    const wanted = typed.trim();
    if (keep && wanted !== '' && wanted !== name)
      await attempt(() => updateServer(engine.id, { name: wanted }));
    onDone();
  };
  return (
    <Input
      className={styles.name}
      aria-label={t('settings.engineName')}
      value={typed}
      maxLength={60}
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value)}
      onPressEnter={() => void leave(true)}
      onBlur={() => void leave(true)}
      onKeyDown={(event) => event.key === 'Escape' && void leave(false)}
    />
  );
}
