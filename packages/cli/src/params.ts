/** `--param`: parameters of the family, under their names in a request. */
import { type FamilyParam, Params } from '@limner/contract';
import { reasonOf } from '@limner/contract/reasons';
import type { Command } from 'commander';
import type { Connection } from './connect.ts';
import type { Context } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { each } from './options.ts';

type Terms = Pick<Context, 'words' | 'language'>;
type Value = string | number | boolean;
interface NamedValue {
  name: string;
  text: string;
}

export interface ParamOptions {
  family?: string;
  param?: NamedValue[];
}

/** A value of an imported workflow, which is an input of its own: `inputs.grain=3`. */
const INPUT = /^inputs\.(.+)$/;

const KNOWN = Object.keys(Params.shape).filter((key) => key !== 'inputs');

/** Others of a family's form, such as the negative prompt, have options of their own. */
export const isParam = (key: string): boolean => KNOWN.includes(key) || INPUT.test(key);

export const addParamOption = (command: Command, context: Terms): Command =>
  command.option('--param <name=value>', context.words.help.param, each(namedValue(context)));

const namedValue =
  (context: Terms) =>
  (text: string): NamedValue => {
    const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
    if (name === '') throw new CliError(context.words.usage.badParam(text), EXIT.usage);
    if (!INPUT.test(name)) {
      if (!KNOWN.includes(name))
        throw new CliError(context.words.usage.paramUnknown(name, KNOWN), EXIT.usage);
      paramValue(name, value, context);
    }
    return { name, text: value };
  };

/** Numbers, `true` and `false` are values of their type where the parameter takes one, as in JSON. */
function paramValue(name: string, text: string, { words, language }: Terms): Value {
  const schema = Params.shape[name as keyof typeof Params.shape];
  const read = readings(text).map((value) => ({
    value,
    parsed: schema.safeParse(value, { reportInput: true }),
  }));
  const fits = read.find(({ parsed }) => parsed.success);
  if (fits) return fits.value;
  const issue = read[0]?.parsed.error?.issues[0];
  const reason = issue ? reasonOf(issue)[language] : '';
  throw new CliError(words.usage.paramValue(name, reason), EXIT.usage);
}

function readings(text: string): Value[] {
  const plain = text.normalize('NFKC').trim();
  const number = plain === '' ? Number.NaN : Number(plain);
  if (Number.isFinite(number)) return [number, text];
  return plain === 'true' || plain === 'false' ? [plain === 'true', text] : [text];
}

/** Undefined without `--param`. Inputs of a workflow get the type that the family states. */
export async function paramsOf(
  { family, param = [] }: ParamOptions,
  { client }: Connection,
  context: Terms,
): Promise<Params | undefined> {
  if (param.length === 0) return undefined;
  const params: Record<string, Value> = {};
  const inputs: Record<string, Value> = {};
  const stated = param.some(({ name }) => INPUT.test(name))
    ? ((await client.call('listFamilies', {})).find(({ id }) => id === family)?.params ?? [])
    : [];
  for (const { name, text } of param) {
    const key = INPUT.exec(name)?.[1];
    if (key === undefined) params[name] = paramValue(name, text, context);
    else
      inputs[key] = inputValue(
        text,
        stated.find((each) => each.key === name),
      );
  }
  return { ...params, ...(Object.keys(inputs).length > 0 ? { inputs } : {}) };
}

function inputValue(text: string, stated: FamilyParam | undefined): Value {
  if (stated?.type === 'text') return text;
  const choice = stated?.choices?.find(({ value }) => String(value) === text);
  return choice?.value ?? (readings(text)[0] as Value);
}
