/** Settings kept under a name, for using them again. The prompt is not part of them. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Fold } from './fold.tsx';
import styles from './presets.module.css';
import { applyPreset, keepPreset, removePreset, usePresets } from './presets-store.ts';

export function Presets() {
  const { t } = useTranslation();
  const presets = usePresets((state) => state.presets);
  const [name, setName] = useState('');
  const save = () => {
    if (name.trim() === '') return;
    keepPreset(name.trim());
    setName('');
  };
  const inside =
    presets.length === 0
      ? t('composer.noPresets')
      : presets.map((preset) => preset.name).join(t('common.list'));
  return (
    <Fold title={t('composer.presets')} inside={inside}>
      {presets.length > 0 && (
        <ul className={styles.chips}>
          {presets.map((preset) => (
            <li key={preset.name}>
              <button type="button" onClick={() => applyPreset(preset)}>
                {preset.name}
              </button>
              <IconButton
                icon="close"
                label={t('composer.presetDelete', { name: preset.name })}
                onClick={() => removePreset(preset.name)}
              />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.save}>
        <Input
          aria-label={t('composer.presetName')}
          placeholder={t('composer.presetName')}
          value={name}
          maxLength={40}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={save}
        />
        <Button onClick={save} disabled={name.trim() === ''}>
          {t('common.save')}
        </Button>
      </div>
    </Fold>
  );
}
