/** Reads chosen or dropped caption files. */
import { readCaption } from '@limner/contract';
import { sentenceOf } from '../../i18n/problem.ts';

export interface CaptionText {
  /** File name. */
  name: string;
  caption: string;
}

/** `problems` has a sentence for each unreadable file; the other files are read. */
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
