import type { EngineHealth } from '@limner/contract';
import { Input } from 'antd';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { updateServer } from '../../state/servers.ts';
import { attempt } from '../../state/task-actions.ts';
import styles from './engine-name.module.css';

interface EngineNameProps {
  engine: EngineHealth;
  name: string;
  onDone: () => void;
}

/** Edits the name in place: Enter and blur save, Escape cancels. An empty name is refused beside the field. */
export function EngineName({ engine, name, onDone }: EngineNameProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(name);
  const [isRefused, setRefused] = useState(false);
  const problemId = useId();
  const over = useRef(false);
  const leave = async (keep: boolean) => {
    // Removing the field also fires blur.
    if (over.current) return;
    const wanted = typed.trim();
    if (keep && wanted === '') return setRefused(true);
    over.current = true;
    if (keep && wanted !== name) await attempt(() => updateServer(engine.id, { name: wanted }));
    onDone();
  };
  return (
    <div className={styles.field}>
      <Input
        className={styles.name}
        aria-label={t('settings.engineName')}
        aria-invalid={isRefused}
        aria-describedby={isRefused ? problemId : undefined}
        status={isRefused ? 'error' : undefined}
        value={typed}
        maxLength={60}
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setRefused(false);
        }}
        onPressEnter={() => void leave(true)}
        onBlur={() => void leave(true)}
        onKeyDown={(event) => event.key === 'Escape' && void leave(false)}
      />
      {isRefused && (
        <p id={problemId} className={styles.problem} role="alert">
          {t('settings.engineNameEmpty')}
        </p>
      )}
    </div>
  );
}
