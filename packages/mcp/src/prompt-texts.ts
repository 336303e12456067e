/** The texts of prompts. They reach the model as the user's words, so they are in the user's language. */
import type { Language } from '@limner/contract';

export type PromptName = 'game_sprite' | 'icon_set' | 'seamless_texture' | 'variations';

interface Prompt {
  title: string;
  description: string;
  message(given: Record<string, string | undefined>): string;
}

const chosen = (given: Record<string, string | undefined>, style: string, family: string): string =>
  [given.style && `${style} "${given.style}"`, given.family && `${family} "${given.family}"`]
    .filter(Boolean)
    .map((part) => `, ${part}`)
    .join('');

const en = (given: Record<string, string | undefined>) => chosen(given, 'style', 'family');
const zh = (given: Record<string, string | undefined>) => chosen(given, '风格 style', '模型系列 family');

export const PROMPTS: Record<Language, Record<PromptName, Prompt>> = {
  en: {
    game_sprite: {
      title: 'Game sprite with clean alpha',
      description: 'One thing or character on a transparent background',
      message: (given) =>
        `Make a game sprite with Limner: ${given.subject}. Call generate_image with transparent: true${en(given)}. In the prompt describe one whole subject, centred, with nothing behind it. Check that nothing is cut off at the edges, and show me the picture with its link.`,
    },
    icon_set: {
      title: 'Set of icons',
      description: 'Several icons that match, each on a transparent background',
      message: (given) =>
        `Make matching icons with Limner, one for each of: ${given.subjects}. Call generate_image once for each with transparent: true, width and height 512${en(given)}, the same seed, and prompts that differ only in the subject. List the pictures with their ids and links.`,
    },
    seamless_texture: {
      title: 'Seamless texture',
      description: 'A texture that tiles without visible edges',
      message: (given) =>
        `Make a seamless texture with Limner: ${given.material}. Call generate_image with tileable: "both", a square size and a prompt that ends with "seamless texture"${en(given)}. Show me the picture with its link.`,
    },
    variations: {
      title: 'Variations of a picture',
      description: 'Four pictures that resemble one',
      message: (given) =>
        `Make four variations of picture ${given.picture} with Limner${given.change ? `: ${given.change}` : ''}. Call get_picture for its prompt, then generate_image with that prompt, image: "${given.picture}", strength: 0.65 and count: 4. Show the pictures and ask which one to keep; star it with star_picture.`,
    },
  },
  zh: {
    game_sprite: {
      title: '透明背景的游戏素材',
      description: '透明背景上的单个物体或角色',
      message: (given) =>
        `用 Limner 制作游戏素材：${given.subject}。调用 generate_image，设置 transparent: true${zh(given)}。提示词中描述一个完整、居中的主体，背后没有其他东西。检查边缘没有被裁切，然后给我看图片和链接。`,
    },
    icon_set: {
      title: '成套图标',
      description: '多个风格一致、背景透明的图标',
      message: (given) =>
        `用 Limner 制作一套风格一致的图标，每个主题一个：${given.subjects}。每个主题调用一次 generate_image，设置 transparent: true、width 和 height 为 512${zh(given)}，使用相同的种子，提示词只有主题不同。列出各图片的编号和链接。`,
    },
    seamless_texture: {
      title: '无缝纹理',
      description: '平铺时看不到接缝的纹理',
      message: (given) =>
        `用 Limner 制作无缝纹理：${given.material}。调用 generate_image，设置 tileable: "both"，使用正方形尺寸，提示词以“无缝纹理”结尾${zh(given)}。给我看图片和链接。`,
    },
    variations: {
      title: '图片变体',
      description: '与一张图片相似的四张图片',
      message: (given) =>
        `用 Limner 为图片 ${given.picture} 制作四个变体${given.change ? `：${given.change}` : ''}。先调用 get_picture 取得提示词，再用该提示词调用 generate_image，设置 image: "${given.picture}"、strength: 0.65、count: 4。展示这些图片并询问保留哪一张，用 star_picture 加星标。`,
    },
  },
};
