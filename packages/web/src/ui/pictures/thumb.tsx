import { mayBePicture, mediaTypeOfFile, THUMB_WIDTHS } from '@limner/contract';
import { useState } from 'react';
import { FileTile } from './file-tile.tsx';
import styles from './thumb.module.css';
import { VideoThumb } from './video-thumb.tsx';

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

/** A thumbnail, or the kind of file if it is no picture: a server makes thumbnails of pictures and of posters only. */
export function Thumb(props: ThumbProps) {
  const { url, alt, width, fit = 'cover' } = props;
  if (mediaTypeOfFile(url).startsWith('video/'))
    return <VideoThumb key={url} url={url} poster={thumbUrl(url, width)} alt={alt} width={width} fit={fit} />;
  return mayBePicture(props.url) ? (
    <PictureThumb {...props} />
  ) : (
    <FileTile url={props.url} width={props.width} />
  );
}

/** A transparent picture lies on a checkerboard, which appears with it. */
function PictureThumb({ url, alt, width, fit = 'cover', eager = false, plain = false }: ThumbProps) {
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
  const sharp = THUMB_WIDTHS.find((candidate) => candidate >= wanted) ?? 1024;
  return `${url}${url.includes('?') ? '&' : '?'}w=${sharp}`;
}
