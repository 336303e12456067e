/** The sentences that explain why a task was given to an engine. */
import type { Bilingual, Family, Missing } from '@limner/contract';
import type { Engine } from './engine.ts';

export function namedNote(engine: Engine, family: Family): Bilingual {
  return {
    en: `${family.label.en}, as requested, on ${engine.label.en}.`,
    zh: `按要求使用「${family.label.zh}」，由「${engine.label.zh}」执行。`,
  };
}

/** `first`: no better family was skipped. */
export function unnamedNote(engine: Engine, family: Family, first: boolean): Bilingual {
  if (first)
    return {
      en: `${family.label.en} is the best available here.`,
      zh: `「${family.label.zh}」是这里可用的最佳模型。`,
    };
  return {
    en: `${family.label.en} on ${engine.label.en}: better models are not ready. See Settings.`,
    zh: `使用「${family.label.zh}」（${engine.label.zh}）：更好的模型尚未就绪，见设置。`,
  };
}

/** `missing`: the first thing that the preferred engine lacks. */
export function fallbackNote(engine: Engine, missing: Missing | undefined): Bilingual {
  return {
    en: `Served by ${engine.label.en}, because the better engine is not ready. ${missing?.cure.en ?? ''}`.trim(),
    zh: `由「${engine.label.zh}」代为执行，因为更好的引擎尚未就绪。${missing?.cure.zh ?? ''}`.trim(),
  };
}
