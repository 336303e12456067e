import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { chooseLanguage, chooseTheme, usePreferences } from '../../state/preferences.ts';
import styles from './appearance.module.css';
import { SectionHead } from './section-head.tsx';

export function Appearance() {
  const { t } = useTranslation();
  const theme = usePreferences((state) => state.theme);
  return (
    <div>
      <SectionHead title={t('settings.appearance')} />
      <div className={styles.lines}>
        <span>{t('settings.language')}</span>
        <Segmented
          aria-label={t('settings.language')}
          value={spokenLanguage()}
          onChange={(language) => void chooseLanguage(language)}
          options={[
            { value: 'en' as const, label: <span lang="en">English</span> },
            { value: 'zh' as const, label: <span lang="zh-CN">简体中文</span> },
          ]}
        />
        <span>{t('settings.theme')}</span>
        <Segmented
          aria-label={t('settings.theme')}
          value={theme}
          onChange={chooseTheme}
          options={(['system', 'dark', 'light'] as const).map((value) => ({
            value,
            label: t(`settings.${value}`),
          }))}
        />
      </div>
    </div>
  );
}
