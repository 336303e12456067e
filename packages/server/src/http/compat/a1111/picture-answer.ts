/** The answer of txt2img and img2img: the finished pictures as base64, what was asked, and what was painted. */
import { type Bilingual, INFOTEXT_KEYWORD, type Language } from '@limner/contract';
import { textOf, withText } from '../../../images/png-text.ts';
import { picturesOf } from '../document-answer.ts';
import { pictureBytes } from '../picture-bytes.ts';
import { missingPictures } from '../task-error.ts';
import type { UntilEnded } from './ended-task.ts';
import { refuseFailed } from './failed-task.ts';
import { generationInfo } from './generation-info.ts';
import { type Hires, hiresPictures } from './hires.ts';
import { type Enlarger, fittedTo } from './upscale.ts';

export interface AskedPictures {
  task: number;
  /** The body without its pictures. */
  parameters: Record<string, unknown>;
  styles: string[];
  notes: Bilingual[];
  hires: Hires;
  sendsImages: boolean;
}

/** Of a task that was interrupted only the finished pictures. @throws StudioError of a task that failed without one */
export async function pictureAnswer(
  { language, ...enlarger }: Enlarger & { language: Language },
  { task: id, parameters, styles, notes, hires, sendsImages }: AskedPictures,
  ended: UntilEnded,
) {
  const { caller, desk } = enlarger;
  const task = await ended(id);
  refuseFailed(task);
  const made = picturesOf(task);
  const ids = made.map((output) => output.id);
  const { enlarge, fit } = hires;
  const large = enlarge && sendsImages ? await hiresPictures(enlarger, ids, enlarge, ended) : null;
  const images: string[] = [];
  const infotexts: string[] = [];
  for (const [index, output] of made.entries()) {
    const { bytes } = await pictureBytes(caller, desk.outputs, output.id, { format: 'png' });
    const text = textOf(bytes, INFOTEXT_KEYWORD) ?? '';
    infotexts.push(text);
    const enlarged =
      large?.pictures[index] ?? (fit && sendsImages ? await fittedTo(bytes, output, fit) : null);
    if (sendsImages)
      images.push((enlarged ? withText(enlarged, INFOTEXT_KEYWORD, text) : bytes).toString('base64'));
  }
  const family = desk.engines.family(task.family);
  const { version } = desk.config;
  const missing = missingPictures(task);
  const said = [...notes, ...(large?.note ? [large.note] : []), ...(missing ? [missing] : [])];
  const info = generationInfo({ task, family, infotexts, styles, notes: said, language, version });
  return { images, parameters, info: JSON.stringify(info) };
}
