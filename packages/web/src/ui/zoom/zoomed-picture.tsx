import type { Size } from '@limner/contract';
import type { CSSProperties, ReactNode } from 'react';
import type { Placement } from './zoom.ts';
import styles from './zoomed-picture.module.css';

/** The part of the pane that a picture covers. */
export function seenPart({ scale, x, y }: Placement, picture: Size, room: Size): CSSProperties {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  return {
    position: 'absolute',
    left,
    top,
    width: Math.min(room.width, x + picture.width * scale) - left,
    height: Math.min(room.height, y + picture.height * scale) - top,
  };
}

interface ZoomedPictureProps {
  url: string;
  alt: string;
  picture: Size;
  placement: Placement;
  ground?: CSSProperties;
  children?: ReactNode;
}

/** Covers the visible part of a picture; the background does not move with the picture. */
export function ZoomedPicture({ url, alt, picture, placement, ground, children }: ZoomedPictureProps) {
  const { scale, x, y } = placement;
  const place = {
    left: Math.min(0, x),
    top: Math.min(0, y),
    width: picture.width * scale,
    height: picture.height * scale,
  };
  return (
    <figure className={styles.part} style={ground}>
      <img src={url} alt={alt} draggable={false} style={place} data-crisp={scale * devicePixelRatio >= 3} />
      {children}
    </figure>
  );
}
