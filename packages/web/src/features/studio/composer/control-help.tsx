import type { ControlType } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../ui/icon.tsx';
import styles from './control-help.module.css';
import blur from './control-samples/blur.webp';
import canny from './control-samples/canny.webp';
import depth from './control-samples/depth.webp';
import picture from './control-samples/picture.webp';
import pose from './control-samples/pose.webp';
import tile from './control-samples/tile.webp';

const SEEN: Record<ControlType, string> = { canny, depth, tile, blur, pose };

/** What each control type receives of the same picture, and its use. */
export default function ControlHelp({ types }: { types: ControlType[] }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.help}>
      {types.map((type) => (
        <div key={type}>
          <span className={styles.pair} aria-hidden="true">
            <img src={picture} alt="" width={84} height={63} />
            <Icon name="right" size={12} />
            <img src={SEEN[type]} alt="" width={84} height={63} />
          </span>
          <dt>{t(`control.${type}`)}</dt>
          <dd>{t(`control.${type}Help`)}</dd>
        </div>
      ))}
    </dl>
  );
}
