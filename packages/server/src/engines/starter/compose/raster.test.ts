import { expect, it } from 'vitest';
import { type Raster, rasterise } from './raster.ts';

const SIZE = { width: 20, height: 20 };
const at = ({ data, width }: Raster, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];

it('gives straight colour', async () => {
  const picture = await rasterise('<rect width="10" height="20" fill="#ff8000" opacity=".5"/>', SIZE);
  expect(at(picture, 5, 5)).toEqual([255, 128, 0, 128]);
  expect(at(picture, 15, 5)).toEqual([0, 0, 0, 0]);
});

it('renders a drawing smaller than it was made for, in another shape too', async () => {
  const drawing = '<rect x="10" width="10" height="20" fill="#00f"/>';
  for (const size of [
    { width: 8, height: 8 },
    { width: 8, height: 4 },
  ]) {
    const picture = await rasterise(drawing, SIZE, size);
    expect([picture.width, picture.height]).toEqual([size.width, size.height]);
    expect(at(picture, 1, 2)).toEqual([0, 0, 0, 0]);
    expect(at(picture, 6, 2)).toEqual([0, 0, 255, 255]);
  }
});

it('keeps what is cut out by a referenced shape within another cut, as the fingers of a fist are', async () => {
  const fist =
    '<clipPath id="box"><rect width="20" height="20"/></clipPath><g clip-path="url(#box)"><g transform="scale(2)">' +
    '<defs><path id="hand" d="M0 0h8v8h-8z"/></defs><clipPath id="inside"><use href="#hand"/></clipPath>' +
    '<g clip-path="url(#inside)"><path fill="#f00" d="M2 2h8v4h-8z"/></g></g></g>';
  const picture = await rasterise(fist, SIZE);
  expect(at(picture, 10, 8)).toEqual([255, 0, 0, 255]);
  expect(at(picture, 18, 8)).toEqual([0, 0, 0, 0]);
});
