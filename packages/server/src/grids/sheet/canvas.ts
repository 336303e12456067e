/** A white sheet of raw RGB pixels, on which pictures and labels are put. */
import { GLYPH_PX, type Glyphs } from './glyphs.ts';

export type Grey = number;

export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = Buffer.alloc(width * height * 3, 255);
  }

  fill(left: number, top: number, width: number, height: number, grey: Grey): void {
    for (let y = top; y < top + height; y++) {
      const start = (y * this.width + left) * 3;
      this.pixels.fill(grey, start, start + width * 3);
    }
  }

  /** @param picture RGB */
  put(left: number, top: number, picture: { data: Buffer; width: number; height: number }): void {
    const row = picture.width * 3;
    for (let y = 0; y < picture.height; y++)
      picture.data.copy(this.pixels, ((top + y) * this.width + left) * 3, y * row, (y + 1) * row);
  }

  /** One line. @param scale pixels of the sheet for each pixel of a glyph */
  write(left: number, top: number, text: string, glyphs: Glyphs, scale: number): void {
    let x = left;
    for (const character of text) {
      const { width, rows } = glyphs(character);
      for (let row = 0; row < GLYPH_PX; row++)
        for (let column = 0; column < width; column++)
          if (((rows[row] ?? 0) >> (width - 1 - column)) & 1)
            this.fill(x + column * scale, top + row * scale, scale, scale, INK);
      x += width * scale;
    }
  }
}

const INK = 20;
