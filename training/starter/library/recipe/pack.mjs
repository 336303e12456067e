/**
 * The library's files:
 *   library.svg.bin    SVG bodies, joined into blocks, each block compressed alone so that one icon costs one block
 *   library.index.br   everything else, one JSON document
 *   library.json       the manifest: size and SHA-256 of both, and the sets with their licences
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const BLOCK_BYTES = 96 * 1024;

const compress = (buffer) =>
  brotliCompressSync(buffer, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 20,
      [constants.BROTLI_PARAM_SIZE_HINT]: buffer.length,
    },
  });

const sha256 = (buffer) => createHash('sha256').update(buffer).digest('hex');

/** Gives every icon its place and returns the joined blocks. Icons of one set lie together: they compress best so. */
export function packBodies(icons) {
  const blocks = [];
  const parts = [];
  let open = [];
  let offset = 0;
  const close = () => {
    if (open.length === 0) return;
    const bytes = compress(Buffer.concat(open));
    blocks.push([offset, bytes.length]);
    parts.push(bytes);
    offset += bytes.length;
    open = [];
  };
  let filled = 0;
  for (const [at, icon] of icons.entries()) {
    const body = Buffer.from(icon.body, 'utf8');
    if (filled + body.length > BLOCK_BYTES || icons[at - 1]?.set !== icon.set) {
      close();
      filled = 0;
    }
    icon.place = [blocks.length, filled, body.length];
    open.push(body);
    filled += body.length;
  }
  close();
  return { blocks, bytes: Buffer.concat(parts) };
}

export function writeLibrary(folder, { bodies, index, sets }) {
  const indexBytes = compress(Buffer.from(JSON.stringify(index), 'utf8'));
  const files = { 'library.svg.bin': bodies, 'library.index.br': indexBytes };
  const manifest = {
    about: 'Vector library of the built-in starter engine. See NOTICE.md for sources and licences.',
    version: 1,
    icons: index.icons.name.length,
    files: Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
    ),
    sets,
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(new URL(name, folder), bytes);
  writeFileSync(new URL('library.json', folder), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
