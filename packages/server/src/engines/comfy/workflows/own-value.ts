/** Values of a workflow's own keys, which forms may send as text, in the type of the node's input. */
import { type Bilingual, MAX_SEED, StudioError } from '@limner/contract';
import type { GraphInput } from '../graph.ts';
import type { InputInfo } from '../server-info.ts';

type Given = string | number | boolean;

/**
 * undefined: no value is given, as by an empty number field.
 * @throws StudioError for a value that the input cannot take
 */
export function ownValue(key: string, given: Given | undefined, input?: InputInfo): GraphInput | undefined {
  if (given === undefined || !input) return given;
  const isNumber = input.type === 'INT' || input.type === 'FLOAT';
  if (isNumber && String(given).trim() === '') return undefined;
  const { value, rule } = isNumber
    ? numberOf(given, input)
    : { value: input.type === 'BOOLEAN' ? flagOf(given) : given, rule: TRUE_OR_FALSE };
  if (value === null) throw refused(key, rule);
  return value;
}

function numberOf(given: Given, input: InputInfo): { value: number | bigint | null; rule: Bilingual } {
  const value = input.type === 'INT' ? wholeOf(given) : decimalOf(given);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = input;
  const isInRange = value !== null && value >= min && value <= exact(max);
  return { value: isInRange ? value : null, rule: numberRule(input) };
}

/** A number beyond 2⁵³ is exact only as text. */
function wholeOf(given: Given): number | bigint | null {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : null;
  const digits = plain(given);
  if (!/^[-+]?\d+$/.test(digits)) return null;
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits.replace('+', ''));
}

function decimalOf(given: Given): number | null {
  const value = typeof given === 'number' ? given : Number(plain(given));
  return typeof given !== 'boolean' && Number.isFinite(value) ? value : null;
}

/** Digits as input methods write them are digits. */
const plain = (given: Given): string => String(given).normalize('NFKC').trim();

function flagOf(given: Given): Given | null {
  if (typeof given !== 'string') return given;
  return given === 'true' || given === 'false' ? given === 'true' : null;
}

const TRUE_OR_FALSE: Bilingual = { en: 'must be true or false', zh: '必须是 true 或 false' };

function numberRule({ type, min, max }: InputInfo): Bilingual {
  const isWhole = type === 'INT';
  const range = {
    en: [min === undefined ? '' : ` from ${digits(min)}`, max === undefined ? '' : ` to ${digits(max)}`],
    zh: [
      min === undefined ? '' : `，不小于 ${digits(min)}`,
      max === undefined ? '' : `，不大于 ${digits(max)}`,
    ],
  };
  const asText =
    isWhole && (max === undefined || max > Number.MAX_SAFE_INTEGER)
      ? {
          en: `; above ${Number.MAX_SAFE_INTEGER} it is sent as text`,
          zh: `；大于 ${Number.MAX_SAFE_INTEGER} 时须以文本发送`,
        }
      : { en: '', zh: '' };
  return {
    en: `must be a ${isWhole ? 'whole number' : 'number'}${range.en.join('')}${asText.en}`,
    zh: `必须是${isWhole ? '整数' : '数字'}${range.zh.join('')}${asText.zh}`,
  };
}

/** JSON rounds the largest seed up to 2⁶⁴. */
const exact = (limit: number): number | bigint => (limit === 2 ** 64 ? MAX_SEED : limit);

const digits = (limit: number): string => String(exact(limit));

const refused = (key: string, reason: Bilingual): StudioError =>
  new StudioError('invalid_request', { field: `params.inputs.${key}`, data: { reason } });
