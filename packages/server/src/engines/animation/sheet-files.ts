/**
 * What game engines read beside a sprite sheet. Pure. One file in TexturePacker's JSON (hash) with the fields that Pixi,
 * Phaser and importers of Aseprite's JSON add: `animations`, `duration`, `frameTags`. One SpriteFrames resource of Godot 4,
 * which names its picture relative to itself, so that both can lie in any folder.
 */
import { type SheetLayout, type Size, safeFileName } from '@limner/contract';
import { durations } from './timing.ts';

export interface SheetFacts {
  name: string;
  fps: number;
  loop: boolean;
  layout: SheetLayout;
  /** Of a frame before its edges were left out, in pixels of the sheet. */
  source: Size;
  /** The upper left corner of what was kept, in the source. */
  kept: { x: number; y: number };
}

/** Without its extension. */
export const sheetFileName = (name: string): string => safeFileName(name).replace(/\s+/g, '_');

const frameName = (name: string, at: number, count: number): string =>
  `${name}_${String(at).padStart(Math.max(4, String(count - 1).length), '0')}`;

export function texturePackerJson({ name, fps, layout, source, kept, ...facts }: SheetFacts): string {
  const { places, cell, width, height } = layout;
  const names = places.map((_, at) => frameName(name, at, places.length));
  const shownMs = durations(places.length, fps, 1000);
  const trimmed = cell.width !== source.width || cell.height !== source.height;
  const frames = Object.fromEntries(
    places.map(({ x, y }, at) => [
      names[at],
      {
        frame: { x, y, w: cell.width, h: cell.height },
        rotated: false,
        trimmed,
        spriteSourceSize: { ...kept, w: cell.width, h: cell.height },
        sourceSize: { w: source.width, h: source.height },
        duration: shownMs[at],
      },
    ]),
  );
  const tag = {
    name,
    from: 0,
    to: places.length - 1,
    direction: 'forward',
    ...(facts.loop ? {} : { repeat: '1' }),
  };
  const meta = {
    app: 'Limner',
    version: '1.0',
    image: `${sheetFileName(name)}.png`,
    format: 'RGBA8888',
    size: { w: width, h: height },
    scale: '1',
    frameTags: [tag],
  };
  return `${JSON.stringify({ frames, animations: { [name]: names }, meta }, null, 2)}\n`;
}

export function godotSpriteFrames({ name, fps, loop, layout, source, kept }: SheetFacts): string {
  const { places, cell } = layout;
  const cut = [kept.x, kept.y, source.width - cell.width, source.height - cell.height];
  const isCut = cut.some((side) => side !== 0);
  const textures = places.map(({ x, y }, at) =>
    [
      `[sub_resource type="AtlasTexture" id="AtlasTexture_${at}"]`,
      'atlas = ExtResource("1_sheet")',
      `region = Rect2(${x}, ${y}, ${cell.width}, ${cell.height})`,
      ...(isCut ? [`margin = Rect2(${cut.join(', ')})`] : []),
      '',
    ].join('\n'),
  );
  const frames = places.map(
    (_, at) => `{\n"duration": 1.0,\n"texture": SubResource("AtlasTexture_${at}")\n}`,
  );
  return [
    `[gd_resource type="SpriteFrames" load_steps=${places.length + 2} format=3]`,
    '',
    `[ext_resource type="Texture2D" path="${quoted(sheetFileName(name))}.png" id="1_sheet"]`,
    '',
    ...textures,
    '[resource]',
    `animations = [{\n"frames": [${frames.join(', ')}],\n"loop": ${loop},\n"name": &"${quoted(name)}",\n"speed": ${fps.toFixed(3)}\n}]`,
    '',
  ].join('\n');
}

const quoted = (text: string): string => text.replace(/[\\"]/g, '\\$&');
