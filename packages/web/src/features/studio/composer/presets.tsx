/** Presets: named settings without the prompt. */
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOfBody } from '../../../i18n/problem.ts';
import { useChangedLists } from '../../../state/changed-lists.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Fold } from './fold.tsx';
import styles from './presets.module.css';
import {
  applyPreset,
  keepPreset,
  loadPresets,
  removePreset,
  replacePreset,
  usePresets,
} from './presets-store.ts';

export function Presets() {
  const { t } = useTranslation();
  const presets = usePresets((state) => state.presets);
  useSharedPresets();
  const inside =
    presets.length === 0
      ? t('composer.noPresets')
      : presets.map((preset) => preset.name).join(t('common.list'));
  return (
    <Fold title={t('composer.presets')} inside={inside}>
      {presets.length > 0 && (
        <ul className={styles.chips}>
          {presets.map((preset) => (
            <li key={preset.id}>
              <button
                type="button"
                disabled={preset.problem !== null}
                title={preset.problem ? sentenceOfBody(preset.problem) : undefined}
                onClick={() => void applyPreset(preset)}
              >
                {preset.name}
              </button>
              <IconButton
                icon="close"
                label={t('composer.presetDelete', { name: preset.name })}
                onClick={() => void removePreset(preset.id)}
              />
            </li>
          ))}
        </ul>
      )}
      <NewPreset />
      <p className={styles.hint}>{t('composer.presetsShared')}</p>
    </Fold>
  );
}

/** Reloaded when others changed them, and when this page becomes visible. */
function useSharedPresets(): void {
  const changes = useChangedLists((state) => state.presets);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change reloads
  useEffect(() => {
    const refresh = () => {
      if (!document.hidden) void loadPresets().catch(() => undefined);
    };
    refresh();
    document.addEventListener('visibilitychange', refresh);
    return () => document.removeEventListener('visibilitychange', refresh);
  }, [changes]);
}

function NewPreset() {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [taken, setTaken] = useState<{ id: number; name: string } | null>(null);
  const done = () => {
    setTaken(null);
    setName('');
  };
  const save = async () => {
    if (name.trim() === '') return;
    const clash = await keepPreset(name.trim());
    if (clash) setTaken(clash);
    else done();
  };
  if (taken) {
    return (
      <div className={styles.clash} role="alertdialog" aria-label={t('composer.presetTaken', taken)}>
        <p>{t('composer.presetTaken', taken)}</p>
        <Button size="small" onClick={() => void replacePreset(taken.id).then(done)}>
          {t('composer.presetReplace')}
        </Button>
        <Button size="small" type="text" autoFocus onClick={() => setTaken(null)}>
          {t('common.cancel')}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.save}>
      <Input
        aria-label={t('composer.presetName')}
        placeholder={t('composer.presetName')}
        value={name}
        maxLength={60}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={() => void save()}
      />
      <Button onClick={() => void save()} disabled={name.trim() === ''}>
        {t('common.save')}
      </Button>
    </div>
  );
}
