import { type AnimationFormat, type Family, MAX_ANIMATION_FRAMES } from '@limner/contract';
import { PICTURE_IN } from '../picture-family.ts';

export const ANIMATION_FAMILY = 'animation';
export const WEBM_FAMILY = 'animation-webm';

/** That makes files of this format. */
export const familyOfFormat = (format: AnimationFormat): string =>
  format === 'webm' ? WEBM_FAMILY : ANIMATION_FAMILY;

const animation: Family = {
  id: ANIMATION_FAMILY,
  kind: 'animation',
  label: { en: 'Animation (built in)', zh: '动画（内置）' },
  description: {
    en: 'Makes a sprite sheet with files for game engines, a GIF, an animated WebP or an APNG of pictures or of the frames of a video.',
    zh: '用图片或视频的各帧制作精灵表（附游戏引擎文件）、GIF、动态 WebP 或 APNG。',
  },
  ...PICTURE_IN,
  references: MAX_ANIMATION_FRAMES,
  params: [],
  licence: 'MIT',
};

const webm: Family = {
  ...animation,
  id: WEBM_FAMILY,
  label: { en: 'WebM with transparency (ffmpeg)', zh: '带透明通道的 WebM（ffmpeg）' },
  description: {
    en: 'Makes a WebM (VP9) with transparency of pictures or of the frames of a video, with the program ffmpeg if this machine has it.',
    zh: '用图片或视频的各帧制作带透明通道的 WebM（VP9），需要本机装有 ffmpeg 程序。',
  },
};

export const animationFamilies: Family[] = [animation, webm];
