/** The sentences that explain why a task was given to an engine. */
import type { Bilingual, Family, Missing } from '@limner/contract';
import type { Engine } from './engine.ts';

export function namedNote(engine: Engine, family: Family): Bilingual {
  const named = namesEngine(engine, family);
  return {
    en: `${family.label.en}, as requested${named ? '' : `, on ${engine.label.en}`}.`,
    zh: `按要求使用「${family.label.zh}」${named ? '' : `，由「${engine.label.zh}」执行`}。`,
  };
}

/** True where the model's name says the engine's, in any language: "Starter (built in)" of Starter. */
const namesEngine = (engine: Engine, family: Family): boolean =>
  family.label.en.startsWith(engine.label.en) || family.label.zh.startsWith(engine.label.zh);

/** The family whose licence has conditions, and that could do the task as well. */
function freerNote(family: Family, other: Family): Bilingual {
  return {
    en: `${family.label.en} (${family.licence}) comes before ${other.label.en}, whose licence has conditions: ${other.licence}.`,
    zh: `优先使用「${family.label.zh}」（${family.licence}）；「${other.label.zh}」的许可有条件限制：${other.licence}。`,
  };
}

/** `first`: no better family was skipped. `other`: its licence was the reason. */
export function unnamedNote(
  engine: Engine,
  family: Family,
  first: boolean,
  other: Family | undefined,
): Bilingual {
  if (first && other) return freerNote(family, other);
  if (first)
    return {
      en: `${family.label.en} is the best available here.`,
      zh: `「${family.label.zh}」是这里可用的最佳模型。`,
    };
  const named = namesEngine(engine, family);
  return {
    en: `Made with ${family.label.en}${named ? '' : ` on ${engine.label.en}`}, because better models are not ready. See Settings.`,
    zh: `更好的模型尚未就绪（见设置），因此使用「${family.label.zh}」${named ? '' : `，由「${engine.label.zh}」执行`}。`,
  };
}

/** `missing`: the first thing that the preferred engine lacks. */
export function fallbackNote(engine: Engine, missing: Missing | undefined): Bilingual {
  return {
    en: `Served by ${engine.label.en}, because the better engine is not ready. ${missing?.cure.en ?? ''}`.trim(),
    zh: `由「${engine.label.zh}」代为执行，因为更好的引擎尚未就绪。${missing?.cure.zh ?? ''}`.trim(),
  };
}
