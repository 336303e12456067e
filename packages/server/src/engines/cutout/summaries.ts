/** Sentences that say how a cut-out was made. */
import type { Bilingual } from '@limner/contract';
import { labelOfModel } from './families.ts';
import type { PocketReport } from './pockets.ts';

export function sprite({ opened, kept }: PocketReport, isEmpty: boolean): Bilingual {
  if (isEmpty) {
    return {
      en: 'No thing differs from the background of this picture, so the result is completely transparent.',
      zh: '画面中没有与背景颜色不同的物体，因此结果全部透明。',
    };
  }
  const enclosed = opened + kept;
  return {
    en: `Cut by colour from its plain or gradient background.${enclosed ? ` Of ${enclosed} enclosed areas in the background colour, ${opened} became holes and ${kept} were kept. Choose “${labelOfModel('sprite-open').en}” or “${labelOfModel('sprite-solid').en}” to change this.` : ''}`,
    zh: `按颜色从纯色或渐变背景中抠出。${enclosed ? `共有 ${enclosed} 处被包围的背景色区域，镂空 ${opened} 处，保留 ${kept} 处；可改选“${labelOfModel('sprite-open').zh}”或“${labelOfModel('sprite-solid').zh}”。` : ''}`,
  };
}

export const withShadow = (summary: Bilingual): Bilingual => ({
  en: `${summary.en} Its soft shadow is kept as translucent black.`,
  zh: `${summary.zh}柔和的投影保留为半透明黑色。`,
});

export const withGlass = (summary: Bilingual): Bilingual => ({
  en: `${summary.en} Its parts near the colour of the background were made translucent, as glass. How translucent is an estimate.`,
  zh: `${summary.zh}与背景颜色相近的部分已按玻璃处理为半透明，透明程度为估算值。`,
});

export const withPale = (summary: Bilingual): Bilingual => ({
  en: `${summary.en} Much of it is nearly as light and coloured as the background, and was made opaque. If it is glass or transparent, expect flaws: choose “${labelOfModel('sprite-glass').en}”, put an ONNX cut-out model into models/cutout of the data folder, or use a ComfyUI server.`,
  zh: `${summary.zh}物体的大部分与背景颜色相近，已按不透明处理。若为玻璃或透明物体，效果可能不佳：可改选“${labelOfModel('sprite-glass').zh}”，或将 ONNX 抠图模型放入数据文件夹的 models/cutout，或使用 ComfyUI 服务器。`,
});

export const person = (): Bilingual => ({
  en: 'Cut out with the small person mask, refined along the edges of the picture.',
  zh: '使用小型人物分割模型抠出，并沿画面边缘细化。',
});

export const userModel = (file: string): Bilingual => ({
  en: `Cut out with your model ${file}.`,
  zh: `使用你的模型 ${file} 抠出。`,
});

export const cutAlready = (): Bilingual => ({
  en: 'This picture is already transparent. Its alpha was kept.',
  zh: '图片本身已有透明度，保留原有透明通道。',
});

export const doubtful = (summary: Bilingual): Bilingual => ({
  en: `${summary.en} The picture shows neither a plain background nor a clear person, so expect flaws. For better results put an ONNX cut-out model into models/cutout of the data folder, or use a ComfyUI server with BiRefNet.`,
  zh: `${summary.zh}画面既没有清晰的纯色背景，也没有明确的人物，效果可能不佳；如需更好的结果，请将 ONNX 抠图模型放入数据文件夹的 models/cutout，或使用带 BiRefNet 的 ComfyUI 服务器。`,
});

export const insteadOf = (model: string, summary: Bilingual): Bilingual => ({
  en: `${model} needs a ComfyUI server, so the built-in cut-out was used. ${summary.en}`,
  zh: `${model} 需要 ComfyUI 服务器，因此由内置抠图完成。${summary.zh}`,
});
