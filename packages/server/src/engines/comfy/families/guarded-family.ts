/**
 * A family that throws unexpectedly is disabled with the reason, so that lists of families and the health of servers
 * still work. Refusals of a request are thrown unchanged.
 */
import { type Bilingual, type Missing, StudioError } from '@limner/contract';
import { toStudioError } from '../../../error.ts';
import { type ComfyFamily, specOn } from './family.ts';

export function guardedFamily(
  family: ComfyFamily,
  onBroken: (family: string, error: unknown) => void,
): ComfyFamily {
  const { spec } = family;
  const broken = (error: unknown): Missing[] => {
    onBroken(spec.id, error);
    return [brokenMissing(spec.label, error)];
  };
  return {
    ...family,
    build: (...asked) => family.build(...asked),
    plainGraph(info) {
      try {
        return family.plainGraph(info);
      } catch (error) {
        onBroken(spec.id, error);
        return {};
      }
    },
    missing(info, request) {
      try {
        return family.missing(info, request);
      } catch (error) {
        if (request && error instanceof StudioError) throw error;
        return broken(error);
      }
    },
    specOn(servers) {
      try {
        return specOn(family, servers);
      } catch (error) {
        onBroken(spec.id, error);
        return spec;
      }
    },
    choices(info) {
      try {
        return family.choices?.(info) ?? {};
      } catch (error) {
        onBroken(spec.id, error);
        return {};
      }
    },
  };
}

function brokenMissing(label: Bilingual, error: unknown): Missing {
  const reason = toStudioError(error);
  const { message: en } = reason.body('en');
  const { message: zh } = reason.body('zh');
  return {
    what: 'package',
    name: label.en,
    cure: {
      en: `${label.en} cannot be used: ${en} Import it again, or remove it in Settings.`,
      zh: `「${label.zh}」无法使用：${zh} 请重新导入，或在设置中移除。`,
    },
  };
}
