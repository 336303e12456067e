/** A generated PNG: a disc of one colour on a plain ground. */
import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [number, number, number];

export function discPng(sidePx: number, disc: Colour, ground: Colour): Buffer {
  const rows: number[] = [];
  const middle = sidePx / 2;
  for (let y = 0; y < sidePx; y++) {
    rows.push(0);
    for (let x = 0; x < sidePx; x++) {
      rows.push(...(Math.hypot(x - middle, y - middle) < sidePx * 0.35 ? disc : ground));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sidePx, 0);
  header.writeUInt32BE(sidePx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
