import { buffer } from 'node:stream/consumers';
import type { Caller, OutputId } from '@limner/contract';
import { UNKNOWN_PIXELS, withinMemory } from '../images/pixel-gate.ts';
import { loadSharp } from '../images/sharp.ts';
import type { Outputs } from './outputs.ts';

/** Whether no pixel of a picture is transparent. @throws StudioError `image_not_found` */
export async function isOpaque(
  caller: Caller,
  outputs: Pick<Outputs, 'open'>,
  id: OutputId,
): Promise<boolean> {
  const { stream, pixels } = await outputs.open(caller, id);
  return withinMemory(pixels ?? UNKNOWN_PIXELS, async () => {
    const picture = (await loadSharp())(await buffer(await stream()));
    return (await picture.stats()).isOpaque;
  });
}
