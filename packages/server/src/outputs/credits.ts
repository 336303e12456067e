/** `CREDITS.txt` of an archive: what made each picture, and the works it uses with author and licence. */
import type { Provenance } from '@limner/contract';
import type { ChosenPicture } from './chosen.ts';

export const CREDITS_NAME = 'CREDITS.txt';

/** CRLF, so that old Windows editors show the lines too. */
export function creditsText(pictures: ChosenPicture[]): string {
  const head = [
    'What made each picture, and whose work is in it: title, author, licence, address.',
    '每张图片的制作方式及所用素材：名称、作者、许可、网址。',
  ];
  return [...head, ...pictures.flatMap((picture) => ['', ...linesOf(picture)]), ''].join('\r\n');
}

function linesOf(picture: ChosenPicture): string[] {
  const { provenance, fileName: name } = picture;
  if (!provenance) return [name, '  (unknown, 未知)'];
  const { summary, details } = provenance;
  const lists = [details.credits, details.sources].find(Array.isArray) ?? [];
  const credits = lists.filter((line: unknown) => typeof line === 'string');
  return [
    name,
    `  ${nameOf(provenance)}: ${oneLine(summary.en)}`,
    ...credits.map((line: string) => `  - ${oneLine(line)}`),
  ];
}

const nameOf = ({ engine, family, labels }: Provenance): string =>
  labels ? `${labels.engine.en}, ${labels.family.en}` : `${engine}, ${family}`;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
