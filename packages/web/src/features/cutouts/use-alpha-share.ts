import { useEffect, useState } from 'react';
import { thumbUrl } from '../../ui/pictures/thumb.tsx';

interface AlphaShare {
  /** Parts of the area, 0…1. */
  transparent: number;
  soft: number;
}

/** Measured on a thumbnail, which has the same shares without loading the large picture. */
const MEASURED_PX = 256;

export function useAlphaShare(url: string | null): AlphaShare | null {
  const [share, setShare] = useState<AlphaShare | null>(null);
  useEffect(() => {
    setShare(null);
    if (!url) return;
    const image = new Image();
    image.onload = () => setShare(measure(image));
    // Lets a canvas read pixels that a bucket sends; the server then sends them itself.
    image.crossOrigin = 'anonymous';
    image.src = thumbUrl(url, MEASURED_PX);
    return () => {
      image.onload = null;
    };
  }, [url]);
  return share;
}

function measure(image: HTMLImageElement): AlphaShare | null {
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || canvas.width === 0) return null;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let [transparent, soft] = [0, 0];
  for (let at = 3; at < data.length; at += 4) {
    const alpha = data[at] ?? 255;
    if (alpha < 4) transparent++;
    else if (alpha < 252) soft++;
  }
  const pixels = data.length / 4;
  return { transparent: transparent / pixels, soft: soft / pixels };
}
