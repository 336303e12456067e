import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.tsx';
import { KeyList, type KeyWords } from '../../ui/key-list.tsx';
import styles from './viewer.module.css';

const KEYS: KeyWords = [
  [['←', '→'], 'viewer.keyTurn'],
  [['↑', '↓'], 'viewer.keyTask'],
  [['Space'], 'viewer.keyHold'],
  [['Space'], 'viewer.keyPlay'],
  [[',', '.'], 'viewer.keyFrame'],
  [['+', '−'], 'viewer.keyZoom'],
  [['0'], 'zoom.fit'],
  [['1'], 'zoom.actual'],
  [['B'], 'viewer.keyGround'],
  [['T'], 'viewer.tiles'],
  [['I'], 'viewer.details'],
  [['L'], 'layers.title'],
  [['D'], 'keys.download'],
  [['X'], 'keys.cutOut'],
  [['V'], 'keys.vary'],
  [['U'], 'keys.use'],
  [['O'], 'keys.extend'],
  [['E'], 'keys.edit'],
  [['S'], 'keys.star'],
  [['C'], 'keys.compare'],
  [['⌫'], 'keys.delete'],
  [['Esc'], 'keys.close'],
];

export function ViewerKeys({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <aside className={styles.aside} aria-label={t('keys.title')}>
      <header className={styles.head}>
        <h3>{t('keys.title')}</h3>
        <IconButton icon="close" label={t('common.close')} onClick={onClose} />
      </header>
      <KeyList keys={KEYS} />
    </aside>
  );
}
