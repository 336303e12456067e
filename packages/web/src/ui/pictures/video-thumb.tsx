import { useState } from 'react';
import { Icon } from '../icon.tsx';
import { FileTile } from './file-tile.tsx';
import styles from './video-thumb.module.css';

interface VideoThumbProps {
  url: string;
  /** A small copy of its poster. */
  poster: string;
  alt: string;
  width: number;
  fit: 'cover' | 'contain';
}

/** The poster of a video under a mark; the kind of file if it has none. */
export function VideoThumb({ url, poster, alt, width, fit }: VideoThumbProps) {
  const [has, setHas] = useState(true);
  if (!has) return <FileTile url={url} width={width} />;
  return (
    <span className={styles.video}>
      <img
        src={poster}
        alt={alt}
        style={{ objectFit: fit }}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setHas(false)}
      />
      <span className={styles.mark} data-small={width < 80}>
        <Icon name="play" size={width < 80 ? 12 : 20} />
      </span>
    </span>
  );
}
