/** Caption files that were chosen or dropped. */
import { readCaption } from '@limner/contract';
import { sentenceOf } from '../../i18n/problem.ts';

export interface CaptionText {
  /** Of the file. */
  name: string;
  caption: string;
}

/** A file that cannot be read is a sentence in `problems`; the others are read all the same. */
export async function readCaptionTexts(
  files: readonly File[],
): Promise<{ texts: CaptionText[]; problems: string[] }> {
  const texts: CaptionText[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const caption = readCaption(new Uint8Array(await file.arrayBuffer()), file.name);
      texts.push({ name: file.name, caption });
    } catch (problem) {
      problems.push(sentenceOf(problem));
    }
  }
  return { texts, problems };
}
