import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobContext } from '../../embedded/job-testing.ts';
import { decode } from '../../embedded/picture.ts';
import { toneOf } from './oklab.ts';
import { tone } from './tone.ts';

/** A slope of one colour, half of it transparent on demand. */
async function slope(red: number, green: number, blue: number, alpha = 255): Promise<Buffer> {
  const side = 32;
  const data = Buffer.alloc(side * side * 4);
  for (let at = 0; at < side * side; at++) {
    const share = 0.5 + (at % side) / (2 * side);
    data.set([red * share, green * share, blue * share, at < (side * side) / 2 ? 255 : alpha], at * 4);
  }
  return sharp(data, { raw: { width: side, height: side, channels: 4 } })
    .png()
    .toBuffer();
}

const measured = async (png: Buffer) => toneOf(await decode(png));
const run = (picture: Buffer, ...styles: { picture: Buffer; strength: number }[]) =>
  tone({ picture, styles }, jobContext());

describe('the tone of style pictures', () => {
  it('becomes that of the picture, by its strength', async () => {
    const [red, blue] = [await slope(220, 60, 50), await slope(40, 70, 200)];
    const wanted = await measured(blue);
    const own = await measured(red);
    const whole = await measured((await run(red, { picture: blue, strength: 1 })).png);
    for (const i of [0, 1, 2]) expect(whole?.mean[i]).toBeCloseTo(wanted?.mean[i] ?? 0, 1);
    const half = await measured((await run(red, { picture: blue, strength: 0.5 })).png);
    const middle = ((own?.mean[2] ?? 0) + (wanted?.mean[2] ?? 0)) / 2;
    expect(half?.mean[2]).toBeCloseTo(middle, 1);
    const none = await run(red, { picture: blue, strength: 0 });
    expect(none.png.equals((await run(red, { picture: red, strength: 0 })).png)).toBe(true);
  });

  it('of several pictures is their average, each by its strength', async () => {
    const [grey, red, blue] = [
      await slope(120, 120, 120),
      await slope(220, 60, 50),
      await slope(40, 70, 200),
    ];
    const mostly = await run(grey, { picture: red, strength: 0.9 }, { picture: blue, strength: 0.1 });
    const other = await run(grey, { picture: red, strength: 0.1 }, { picture: blue, strength: 0.9 });
    expect((await measured(mostly.png))?.mean[2]).toBeGreaterThan((await measured(other.png))?.mean[2] ?? 0);
  });

  it('changes no transparency, and a transparent picture not at all', async () => {
    const picture = await slope(220, 60, 50, 0);
    const { png } = await run(picture, { picture: await slope(40, 70, 200), strength: 1 });
    const alphaOf = async (from: Buffer) => sharp(from).extractChannel(3).raw().toBuffer();
    expect((await alphaOf(png)).equals(await alphaOf(picture))).toBe(true);
    const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    const { rgba } = await decode((await run(clear, { picture, strength: 1 })).png);
    expect(rgba.equals((await decode(clear)).rgba)).toBe(true);
  });

  it('says that it takes no brushwork', async () => {
    const picture = await slope(220, 60, 50);
    const { summary, details } = await run(picture, { picture, strength: 0.5 });
    expect(summary.en).toBe('Colours and contrast follow a style picture, whose brushwork is not taken.');
    expect(summary.zh).toBe('配色与明暗取自 1 张风格图，不含笔触。');
    expect(details).toMatchObject({ tone: { strength: 0.5 } });
  });
});
