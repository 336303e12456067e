/**
 * Recipes that travel inside pictures: ours as JSON under `limner`, and the `parameters` text that A1111 and its kin
 * write. Read from the PNG's text chunks here in the browser; nothing is uploaded for it.
 */
export interface PictureRecipe {
  prompt: string;
  negative: string;
  family: string | null;
  seed: number | null;
  width: number | null;
  height: number | null;
  params: Record<string, number | string>;
  /** Name of the style, where one was used. */
  style: string | null;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

export function recipeIn(file: ArrayBuffer): PictureRecipe | null {
  const texts = textsOf(new DataView(file));
  const ours = texts.get('limner');
  if (ours) return fromLimner(ours);
  const theirs = texts.get('parameters');
  return theirs ? fromParameters(theirs) : null;
}

function textsOf(png: DataView): Map<string, string> {
  const texts = new Map<string, string>();
  if (png.byteLength < 20 || SIGNATURE.some((byte, at) => png.getUint8(at) !== byte)) return texts;
  for (let at = 8; at + 12 <= png.byteLength; ) {
    const length = png.getUint32(at);
    const type = latin(new Uint8Array(png.buffer, at + 4, 4));
    // Some writers put text after the pixels, so the walk goes to the end.
    if (type === 'IEND' || at + 12 + length > png.byteLength) break;
    const data = new Uint8Array(png.buffer, at + 8, length);
    const [keyword, text] = type === 'tEXt' ? plainText(data) : type === 'iTXt' ? unicodeText(data) : [];
    if (keyword !== undefined && text !== undefined) texts.set(keyword, text);
    at += 12 + length;
  }
  return texts;
}

function plainText(data: Uint8Array): [string, string] {
  const end = data.indexOf(0);
  return [latin(data.subarray(0, end)), latin(data.subarray(end + 1))];
}

/** Keyword, null, two compression bytes, language, null, translated keyword, null, text. Compressed text is left alone. */
function unicodeText(data: Uint8Array): [string, string] | [] {
  const end = data.indexOf(0);
  if (data[end + 1] !== 0) return [];
  const language = data.indexOf(0, end + 3);
  const start = data.indexOf(0, language + 1) + 1;
  return [latin(data.subarray(0, end)), new TextDecoder().decode(data.subarray(start))];
}

const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

function fromLimner(text: string): PictureRecipe | null {
  let held: Record<string, unknown>;
  try {
    held = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof held?.prompt !== 'string' || held.prompt === '') return null;
  return {
    prompt: held.prompt,
    negative: stringOr(held.negative_prompt, ''),
    family: stringOr(held.family, null),
    seed: numberOr(held.seed),
    width: numberOr(held.width),
    height: numberOr(held.height),
    params: plainValues(held.params),
    style: stringOr(held.style, null),
  };
}

const NAMES: Record<string, string> = {
  Steps: 'steps',
  'CFG scale': 'cfg',
  Sampler: 'sampler',
  'Denoising strength': 'denoise',
};

/** Prompt, then perhaps a line for what is unwanted, then one line of `Name: value` pairs. */
function fromParameters(text: string): PictureRecipe | null {
  const lines = text.split('\n');
  const facts = /\bSeed: \d/.test(lines.at(-1) ?? '') ? (lines.pop() ?? '') : '';
  const negativeAt = lines.findIndex((line) => line.startsWith('Negative prompt: '));
  const prompt = lines
    .slice(0, negativeAt === -1 ? undefined : negativeAt)
    .join('\n')
    .trim();
  if (prompt === '') return null;
  const negative =
    negativeAt === -1 ? '' : lines.slice(negativeAt).join('\n').replace('Negative prompt: ', '');
  const pairs = [...facts.matchAll(/([A-Z][\w ]*): ("[^"]*"|[^,]*)/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const found = new Map(pairs);
  const [width, height] = (found.get('Size') ?? '').split('x').map(Number);
  const params = pairs.flatMap(([name, value]) =>
    NAMES[name] ? [[NAMES[name], asNumber(value)] as const] : [],
  );
  return {
    prompt,
    negative: negative.trim(),
    family: null,
    seed: numberOr(Number(found.get('Seed') ?? Number.NaN)),
    width: numberOr(width),
    height: numberOr(height),
    params: Object.fromEntries(params),
    style: null,
  };
}

const asNumber = (text: string): number | string =>
  text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
const numberOr = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const stringOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;

function plainValues(value: unknown): Record<string, number | string> {
  if (typeof value !== 'object' || value === null) return {};
  const pairs = Object.entries(value).filter(
    ([, held]) => typeof held === 'number' || typeof held === 'string',
  );
  return Object.fromEntries(pairs);
}
