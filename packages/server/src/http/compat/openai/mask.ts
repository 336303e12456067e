/** The API's masks are transparent where the picture is repainted; Limner's are white there. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Caller } from '@limner/contract';
import { withinMemory } from '../../../images/pixel-gate.ts';
import { loadSharp } from '../../../images/sharp.ts';
import { invalid } from '../../parse.ts';
import type { DialectDesk } from '../dialect.ts';
import type { NamedPicture } from './edit-pictures.ts';

export async function whiteMask(
  caller: Caller,
  { pictures, blobs, uploads }: Pick<DialectDesk, 'pictures' | 'blobs' | 'uploads'>,
  mask: NamedPicture,
  picture: NamedPicture,
): Promise<NamedPicture> {
  const of = await pictures.resolve(caller, picture.ref, picture.field);
  const { field } = mask;
  const { file, width, height } = await pictures.resolve(caller, mask.ref, field);
  if (width !== of.width || height !== of.height) throw invalid(field, sizeReason(of));
  const white = await withinMemory(width * height, async () => {
    const drawn = (await loadSharp())(await buffer(await blobs.stream(file)));
    if (!(await drawn.metadata()).hasAlpha) throw invalid(field, NO_ALPHA);
    return drawn.extractChannel('alpha').negate().png().toBuffer();
  });
  return { ref: (await uploads.create(caller, Readable.from([white]), 'mask.png')).id, field };
}

const NO_ALPHA = {
  en: 'must be transparent where the picture is repainted, so it must have an alpha channel',
  zh: '需要重绘的部分必须透明，因此蒙版必须带 alpha 通道',
};

const sizeReason = ({ width, height }: { width: number; height: number }) => ({
  en: `must have the size of the first picture, ${width} × ${height}`,
  zh: `尺寸必须与第一张图片相同：${width} × ${height}`,
});
