/**
 * Wildcards of one YAML file, as sd-dynamic-prompts reads them: the keys that lead to a list are the folders and the name
 * of a wildcard, and the file's own name says nothing. A file that is one list is a wildcard of the file's name.
 */
import {
  type Bilingual,
  MAX_WILDCARD_ENTRIES,
  MAX_WILDCARD_NAME_CHARS,
  plainName,
  StudioError,
} from '@limner/contract';

/** Reading keeps the process busy for about half a second for this much. */
export const MAX_TREE_BYTES = 512 * 1024;

/** The composer of the library is recursive, and a stack that is full ends the process. */
const MOST_DEPTH = 100;

/** Texts by name, in the order of the file. @throws TreeProblem */
export async function treeIn(text: string, fileName: string): Promise<Map<string, string[]>> {
  const { Composer, LineCounter, Parser } = await import('yaml');
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (isTooDeep(tokens)) throw new TreeProblem(TOO_DEEP);
  const [document, ...others] = new Composer({ uniqueKeys: false }).compose(tokens, true);
  const error = document?.errors[0] ?? others[0]?.errors[0];
  if (error) throw new TreeProblem(notYaml(lines.linePos(error.pos[0]).line), { cause: error });
  if (others.length > 0) throw new TreeProblem(SEVERAL);
  return gathered(readValues(document), fileName);
}

/** Values of aliases are shared, and may contain themselves. */
function readValues(document: { toJS(): unknown } | undefined): unknown {
  try {
    return document?.toJS();
  } catch (cause) {
    // The library refuses aliases that stand for more than a hundred others.
    throw new TreeProblem(cause instanceof ReferenceError ? TOO_MANY : notYaml(), { cause });
  }
}

/** Anything with parts: the parser's tokens and their items. */
type Part = Partial<Record<'items' | 'key' | 'value', unknown>>;

function isTooDeep(tokens: readonly unknown[]): boolean {
  let level = [...tokens];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > 3 * MOST_DEPTH) return true;
    level = level.flatMap((part) => {
      const { items = [], key, value } = part as Part;
      return [...(items as unknown[]), key, value].filter(
        (each) => typeof each === 'object' && each !== null,
      );
    });
  }
  return false;
}

export class TreeProblem extends Error {
  readonly reason: Bilingual;

  constructor(reason: Bilingual, options?: ErrorOptions) {
    super(reason.en, options);
    this.reason = reason;
  }
}

function gathered(tree: unknown, fileName: string): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  /** Maps from the root to the one that is read. */
  const above = new Set<unknown>();
  let entries = 0;
  const gather = (value: unknown, keys: readonly string[]): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      if (above.has(value)) throw new TreeProblem(CIRCLE);
      above.add(value);
      for (const [key, each] of Object.entries(value)) gather(each, [...keys, key]);
      above.delete(value);
      return;
    }
    const name = plainName(keys.join('/')) || fileName;
    if (name.length > MAX_WILDCARD_NAME_CHARS) return;
    const items = [value].flat();
    entries += 1 + items.length;
    if (entries > MAX_WILDCARD_ENTRIES) throw new TreeProblem(TOO_MANY);
    lists.set(name, [...(lists.get(name) ?? []), ...items.flatMap(textOf)]);
  };
  gather(tree, []);
  return lists;
}

const PLAIN = ['string', 'number', 'boolean'];

/** Lists and maps within a list say nothing. */
const textOf = (item: unknown): string[] =>
  PLAIN.includes(typeof item)
    ? [
        String(item)
          .trim()
          .replace(/\s*[\r\n]+\s*/g, ' '),
      ]
    : [];

const notYaml = (line?: number): Bilingual => ({
  en: line === undefined ? 'its file cannot be read as YAML' : `line ${line} of its file is no valid YAML`,
  zh: line === undefined ? '其文件无法按 YAML 读取' : `其文件第 ${line} 行不是有效的 YAML`,
});
const TOO_DEEP: Bilingual = {
  en: `its YAML file is nested more than ${MOST_DEPTH} levels deep`,
  zh: `其 YAML 文件嵌套超过 ${MOST_DEPTH} 层`,
};
const TOO_MANY: Bilingual = {
  en: `its YAML file has more than ${MAX_WILDCARD_ENTRIES} entries, what its aliases stand for included`,
  zh: `其 YAML 文件的条目超过 ${MAX_WILDCARD_ENTRIES} 条（含别名所指的内容）`,
};
const CIRCLE: Bilingual = {
  en: 'an alias in its YAML file names what contains it, in a circle',
  zh: '其 YAML 文件中的别名指向包含它自己的内容，形成循环',
};
const SEVERAL: Bilingual = {
  en: 'its file holds several YAML documents; divide it into several files',
  zh: '其文件含有多个 YAML 文档，请拆分成多个文件',
};

export const sharedFile = (name: string, file: string): StudioError =>
  new StudioError('wildcard_shared', { data: { name, file } });
