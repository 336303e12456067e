import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { MODES } from '../state/draft/draft.ts';
import { KeyList, type KeyWords } from '../ui/key-list.tsx';
import { PAGES } from './pages.ts';

const command = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';

const KEYS: KeyWords = [
  [[command, '↵'], 'keys.generate'],
  [['/'], 'keys.prompt'],
  [MODES.map((_, index) => String(index + 1)), 'keys.mode'],
  [['←', '↑', '→', '↓'], 'keys.tiles'],
  [['↵', 'Space'], 'keys.open'],
  [['Space'], 'keys.hold'],
  [['D'], 'keys.download'],
  [['P'], 'keys.copyPicture'],
  [['X'], 'keys.cutOut'],
  [['V'], 'keys.vary'],
  [['U'], 'keys.use'],
  [['O'], 'keys.extend'],
  [['E'], 'keys.edit'],
  [['S'], 'keys.star'],
  [['C'], 'keys.compare'],
  [['R'], 'keys.retry'],
  [['⌫'], 'keys.delete'],
  [['Esc'], 'keys.close'],
  [['G', PAGES.map(({ letter }) => letter.toUpperCase()).join('/')], 'keys.pages'],
  [['?'], 'keys.list'],
];

export default function ShortcutDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer open title={t('keys.title')} onClose={onClose} size={360}>
      <KeyList keys={KEYS} />
    </Drawer>
  );
}
