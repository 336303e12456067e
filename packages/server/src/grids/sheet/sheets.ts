/** Draws the sheet of a grid as PNG: its finished pictures with labels; other cells state what became of them. */
import type { Bilingual, Grid, GridCell, Language, SheetQuery, Size } from '@limner/contract';
import { Gate } from '../../gate.ts';
import { UNKNOWN_PIXELS, withinMemory } from '../../images/pixel-gate.ts';
import { loadSharp } from '../../images/sharp.ts';
import type { Blobs } from '../../storage/blobs.ts';
import type { CellPicture } from '../grids-store.ts';
import { Canvas } from './canvas.ts';
import { GLYPH_PX, type Glyphs, loadGlyphs } from './glyphs.ts';
import { type Layout, MAX_SHEET_PIXELS, sheetLayout } from './layout.ts';
import { widthOf, wrap } from './wrap.ts';

const STATES: Record<GridCell['status'] | 'unreadable', Bilingual> = {
  queued: { en: 'waiting', zh: '等待中' },
  running: { en: 'being painted', zh: '绘制中' },
  completed: { en: 'no picture', zh: '没有图片' },
  partial: { en: 'no picture', zh: '没有图片' },
  failed: { en: 'failed', zh: '失败' },
  cancelled: { en: 'cancelled', zh: '已取消' },
  deleted: { en: 'deleted', zh: '已删除' },
  unreadable: { en: 'file damaged', zh: '文件损坏' },
};
const EMPTY_GREY = 225;

export interface SheetsOptions {
  blobs: Blobs;
  modelsDir: string;
}

export class Sheets {
  readonly #blobs: Blobs;
  readonly #modelsDir: string;
  /** A sheet is held raw until it is encoded. */
  readonly #gate = new Gate(MAX_SHEET_PIXELS);

  constructor({ blobs, modelsDir }: SheetsOptions) {
    this.#blobs = blobs;
    this.#modelsDir = modelsDir;
  }

  /** @throws StudioError `grid_sheet_too_large` */
  draw(
    grid: Grid,
    pictures: CellPicture[],
    { cell, language }: { cell: SheetQuery['cell']; language: Language },
  ): Promise<Buffer> {
    const sizes = pictures.flatMap(({ width, height }) => (width && height ? { width, height } : []));
    const layout = sheetLayout(grid, { cell, sizes, language });
    return this.#gate.run(layout.width * layout.height, () => this.#drawn(layout, pictures, language));
  }

  async #drawn(layout: Layout, pictures: CellPicture[], language: Language): Promise<Buffer> {
    const canvas = new Canvas(layout.width, layout.height);
    const words = Object.values(STATES).map((state) => state[language]);
    const glyphs = await loadGlyphs(this.#modelsDir, [...layout.lines.map(({ text }) => text), ...words]);
    for (const { left, top, text } of layout.lines) canvas.write(left, top, text, glyphs, layout.scale);
    const ofTask = new Map(pictures.map((picture) => [picture.task_id, picture]));
    for (const { of, ...at } of layout.cells) {
      const picture = ofTask.get(of.task_id);
      const small = picture && (await this.#small(picture, layout.cell));
      if (small) canvas.put(at.left + middle(layout.cell.width, small.width), at.top, small);
      else
        writeState(
          canvas,
          { ...at, ...layout },
          STATES[picture ? 'unreadable' : of.status][language],
          glyphs,
        );
    }
    const sharp = await loadSharp();
    const raw = { width: canvas.width, height: canvas.height, channels: 3 as const };
    return sharp(canvas.pixels, { raw }).png({ compressionLevel: 6 }).toBuffer();
  }

  /** Within the cell, on white. null: its file is missing or damaged. */
  async #small(
    { file, width, height }: CellPicture,
    cell: Size,
  ): Promise<{ data: Buffer; width: number; height: number } | null> {
    const pixels = width && height ? width * height : UNKNOWN_PIXELS;
    const isEnlarged = width !== null && width < cell.width && height !== null && height < cell.height;
    try {
      return await withinMemory(pixels, async () => {
        const sharp = await loadSharp();
        const { data, info } = await sharp(await this.#blobs.read(file), { limitInputPixels: pixels })
          .resize({ ...cell, fit: 'inside', kernel: isEnlarged ? 'nearest' : 'lanczos3' })
          .flatten({ background: '#fff' })
          .toColourspace('srgb')
          .raw()
          .toBuffer({ resolveWithObject: true });
        return { data, width: info.width, height: info.height };
      });
    } catch {
      return null;
    }
  }
}

const middle = (whole: number, part: number): number => Math.floor((whole - part) / 2);

function writeState(
  canvas: Canvas,
  { left, top, cell, scale }: { left: number; top: number } & Pick<Layout, 'cell' | 'scale'>,
  word: string,
  glyphs: Glyphs,
): void {
  canvas.fill(left, top, cell.width, cell.height, EMPTY_GREY);
  const lines = wrap(word, Math.floor(cell.width / scale), Math.floor(cell.height / (GLYPH_PX * scale)));
  const start = top + middle(cell.height, lines.length * GLYPH_PX * scale);
  for (const [index, line] of lines.entries())
    canvas.write(
      left + middle(cell.width, widthOf(line) * scale),
      start + index * GLYPH_PX * scale,
      line,
      glyphs,
      scale,
    );
}
