import { expect } from 'vitest';

/** What is in an archive whose entries are stored as they are, read from its directory at the end. */
export function unpacked(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    expect({ utf8: (zip.readUInt16LE(at + 8) & 0x800) !== 0, method: zip.readUInt16LE(at + 10) }).toEqual({
      utf8: true,
      method: 0,
    });
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(name, zip.subarray(begin, begin + zip.readUInt32LE(at + 24)));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
