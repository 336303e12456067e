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

/** The poster of a video under a mark; without one its first frame, or the kind of file if the browser cannot show it. */
export function VideoThumb({ url, poster, alt, width, fit }: VideoThumbProps) {
  const [shown, setShown] = useState<'poster' | 'frame' | 'file'>('poster');
  if (shown === 'file') return <FileTile url={url} width={width} />;
  return (
    <span className={styles.video}>
      {shown === 'poster' ? (
        <img
          src={poster}
          alt={alt}
          style={{ objectFit: fit }}
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setShown('frame')}
        />
      ) : (
        <video
          src={`${url}#t=0.001`}
          aria-label={alt}
          style={{ objectFit: fit }}
          muted
          playsInline
          preload="metadata"
          onError={() => setShown('file')}
        />
      )}
      <span className={styles.mark} data-small={width < 80}>
        <Icon name="play" size={width < 80 ? 12 : 20} />
      </span>
    </span>
  );
}
