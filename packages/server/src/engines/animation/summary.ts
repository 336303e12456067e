import type { AnimationFormat, Bilingual, RecipeAnimation } from '@limner/contract';
import type { Clip } from './clip.ts';

const NAMES: Record<AnimationFormat, Bilingual> = {
  sheet: { en: 'Sprite sheet', zh: '精灵表' },
  gif: { en: 'GIF', zh: 'GIF' },
  webp: { en: 'Animated WebP', zh: '动态 WebP' },
  apng: { en: 'APNG', zh: 'APNG' },
  webm: { en: 'WebM', zh: 'WebM' },
};

export function summaryOf(
  { format, fps, cut_out }: RecipeAnimation,
  { count, width, height }: Clip,
): Bilingual {
  const { en, zh } = NAMES[format];
  return {
    en: `${en} of ${count} ${count === 1 ? 'frame' : 'frames'} of ${width} × ${height} pixels at ${fps} frames per second${cut_out ? ', cut out of their background' : ''}.`,
    zh: `${zh}：${count} 帧，每帧 ${width} × ${height} 像素，每秒 ${fps} 帧${cut_out ? '，已去除背景' : ''}。`,
  };
}
