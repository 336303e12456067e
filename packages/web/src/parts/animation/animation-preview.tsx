/** The chosen frames one after the other at their rate. Where motion is unwanted, the first one stands. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChosenFrame } from '../../state/animation-form.ts';
import { thumbUrl } from '../../ui/pictures/thumb.tsx';
import { useMedia } from '../../ui/use-media.ts';
import styles from './animation-dialog.module.css';

const PREVIEW_PX = 180;

export function AnimationPreview({ frames, fps }: { frames: ChosenFrame[]; fps: number }) {
  const { t } = useTranslation();
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [shown, setShown] = useState(0);
  const urls = frames.flatMap(({ frame: { url } }) => url ?? []);
  const count = urls.length;
  useEffect(() => {
    if (still || count < 2) return;
    const timer = setInterval(() => setShown((at) => at + 1), 1000 / fps);
    return () => clearInterval(timer);
  }, [still, count, fps]);
  const url = urls[shown % Math.max(1, count)];
  if (!url) return null;
  return (
    <div className={`${styles.preview} checkerboard`}>
      <img src={thumbUrl(url, PREVIEW_PX)} alt={t('animation.preview')} draggable={false} />
    </div>
  );
}
