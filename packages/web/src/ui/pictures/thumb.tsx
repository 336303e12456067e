import { useState } from 'react';
import styles from './thumb.module.css';

/** Widths the server makes thumbnails in. */
const WIDTHS = [128, 256, 512, 1024] as const;

/** Small pixel art is enlarged without smoothing. */
const TINY_PX = 64;

interface ThumbProps {
  url: string;
  alt: string;
  /** Display width in CSS pixels; the smallest sharp thumbnail is loaded. */
  width: number;
  fit?: 'cover' | 'contain';
  eager?: boolean;
  /** Without fading in, for long lists. */
  plain?: boolean;
}

/** A transparent picture lies on a checkerboard, which appears with it. */
export function Thumb({ url, alt, width, fit = 'cover', eager = false, plain = false }: ThumbProps) {
  const [shown, setShown] = useState(false);
  const [tiny, setTiny] = useState(false);
  return (
    <img
      className={`${styles.thumb} checkerboard`}
      data-shown={plain ? undefined : shown}
      data-tiny={tiny}
      style={{ objectFit: fit }}
      src={thumbUrl(url, width)}
      alt={alt}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      draggable={false}
      onLoad={({ currentTarget }) => {
        setTiny(currentTarget.naturalWidth <= TINY_PX);
        setShown(true);
      }}
    />
  );
}

export function thumbUrl(url: string, width: number): string {
  const wanted = width * Math.min(devicePixelRatio, 2);
  const sharp = WIDTHS.find((candidate) => candidate >= wanted) ?? 1024;
  return `${url}${url.includes('?') ? '&' : '?'}w=${sharp}`;
}
