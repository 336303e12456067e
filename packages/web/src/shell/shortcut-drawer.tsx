import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './shortcut-drawer.module.css';

const command = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';

const KEYS = [
  [[command, '↵'], 'keys.generate'],
  [['/'], 'keys.prompt'],
  [['1', '2', '3', '4'], 'keys.mode'],
  [['←', '↑', '→', '↓'], 'keys.tiles'],
  [['↵', 'Space'], 'keys.open'],
  [['Space'], 'keys.hold'],
  [['D'], 'keys.download'],
  [['X'], 'keys.cutOut'],
  [['V'], 'keys.vary'],
  [['U'], 'keys.use'],
  [['E'], 'keys.edit'],
  [['S'], 'keys.star'],
  [['C'], 'keys.compare'],
  [['R'], 'keys.retry'],
  [['⌫'], 'keys.delete'],
  [['Esc'], 'keys.close'],
  [['G', 'S/C/T/H/E'], 'keys.pages'],
  [['?'], 'keys.list'],
] as const;

export default function ShortcutDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer open title={t('keys.title')} onClose={onClose} size={360}>
      <dl className={styles.keys}>
        {KEYS.map(([keys, label]) => (
          <div key={label}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(label)}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  );
}
