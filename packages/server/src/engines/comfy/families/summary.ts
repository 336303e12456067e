/** The sentence of a picture's provenance. */
import type { Bilingual, FrameRecipe } from '@limner/contract';
import type { Canvas, Painting } from './model.ts';
import { same } from './params.ts';
import { lengthOf } from './save-video.ts';
import type { Tiling } from './seamless.ts';

/** What the passes began with. */
interface Passes {
  canvas: Canvas;
  second: Canvas | null;
}

/** Of a picture whose edges meet, with how they came to. */
export function summaryOf(p: Painting, passes: Passes, tiling: Tiling | null): Bilingual {
  const { en, zh } = paintedBy(p, passes);
  if (!tiling) return { en, zh };
  return tiling.by === 'nodes'
    ? { en: `${en} Its opposite edges meet.`, zh: `${zh}对边可无缝拼接。` }
    : {
        en: `${en} Its edges were moved inside and painted over, so that they meet.`,
        zh: `${zh}已将边缘移入画面重绘，使对边可无缝拼接。`,
      };
}

function paintedBy(p: Painting, { canvas: { schedule }, second }: Passes): Bilingual {
  const { model, file, request } = p;
  const styled = styleOf(p.styles.length);
  const by = model.nameInSummary?.(file) ?? same(model.label);
  const { steps } = schedule;
  if (model.layers !== undefined) return layered(request, by, steps);
  if (second) {
    const { width, height } = second.size;
    const more = second.schedule.steps;
    return {
      en: `Painted by ${by.en} in ${steps} steps${styled.en}, then enlarged and painted over in ${more} at ${width} × ${height}.`,
      zh: `由 ${by.zh} 以 ${steps} 步绘制${styled.zh}，再放大到 ${width} × ${height} 以 ${more} 步重绘。`,
    };
  }
  if (model.kind === 'generation')
    return {
      en: `Painted by ${by.en} in ${steps} steps${styled.en}.`,
      zh: `由 ${by.zh} 以 ${steps} 步绘制${styled.zh}。`,
    };
  if (model.video) {
    const { frames, fps } = lengthOf(model.video, request);
    return {
      en: `Filmed by ${by.en}: ${frames} frames at ${fps} a second, in ${steps} steps.`,
      zh: `由 ${by.zh} 生成：${frames} 帧，每秒 ${fps} 帧，共 ${steps} 步。`,
    };
  }
  const count = editedCount(p);
  return {
    en: `Changed by ${by.en} in ${steps} steps, after ${count} reference ${count === 1 ? 'picture' : 'pictures'}${styled.en}.`,
    zh: `由 ${by.zh} 参考 ${count} 张图，以 ${steps} 步修改${styled.zh}。`,
  };
}

function layered({ type }: FrameRecipe, by: Bilingual, steps: number): Bilingual {
  return type === 'img2img'
    ? {
        en: `Taken apart into layers by ${by.en} in ${steps} steps.`,
        zh: `由 ${by.zh} 以 ${steps} 步拆分为图层。`,
      }
    : {
        en: `Painted in layers by ${by.en} in ${steps} steps.`,
        zh: `由 ${by.zh} 以 ${steps} 步分层绘制。`,
      };
}

const editedCount = ({ request: { input_image, references } }: Painting): number =>
  new Set([input_image, ...references].filter((id) => id !== null)).size;

const styleOf = (count: number): Bilingual =>
  count === 0
    ? same('')
    : {
        en: `, in the style of ${count === 1 ? 'a picture' : `${count} pictures`}`,
        zh: `，风格取自 ${count} 张图`,
      };
