/** The icon sets that go into the library, what we may say about them, and which of their icons we take. */
import { readFileSync } from 'node:fs';

const read = (path) => JSON.parse(readFileSync(new URL(`../node_modules/${path}`, import.meta.url), 'utf8'));

/** `precision` is the number of decimals kept: about a tenth of a pixel when the icon is drawn 1024 pixels wide. */
export const SETS = [
  {
    id: 'glossy',
    package: '@iconify-json/fluent-emoji',
    title: 'Fluent Emoji (colour)',
    author: 'Microsoft Corporation',
    licence: 'MIT',
    url: 'https://github.com/microsoft/fluentui-emoji',
    kind: 'emoji',
    precision: 3,
    largest: 130_000,
  },
  {
    id: 'flat',
    package: '@iconify-json/fluent-emoji-flat',
    title: 'Fluent Emoji (flat)',
    author: 'Microsoft Corporation',
    licence: 'MIT',
    url: 'https://github.com/microsoft/fluentui-emoji',
    kind: 'emoji',
    precision: 3,
    largest: 40_000,
  },
  {
    id: 'noto',
    package: '@iconify-json/noto',
    title: 'Noto Emoji',
    author: 'Google Inc',
    licence: 'Apache-2.0',
    url: 'https://github.com/googlefonts/noto-emoji',
    kind: 'emoji',
    precision: 2,
    largest: 60_000,
  },
  {
    id: 'classic',
    package: '@iconify-json/noto-v1',
    title: 'Noto Emoji v1',
    author: 'Google Inc',
    licence: 'Apache-2.0',
    url: 'https://github.com/googlefonts/noto-emoji',
    kind: 'emoji',
    precision: 2,
    largest: 30_000,
  },
  {
    id: 'game',
    package: '@iconify-json/game-icons',
    title: 'Game Icons',
    author: 'Lorc, Delapouite and contributors',
    licence: 'CC-BY-3.0',
    url: 'https://game-icons.net',
    kind: 'slug',
    precision: 1,
    largest: 14_000,
  },
  {
    id: 'ui',
    package: '@iconify-json/fluent-color',
    title: 'Fluent UI System Color Icons',
    author: 'Microsoft Corporation',
    licence: 'MIT',
    url: 'https://github.com/microsoft/fluentui-system-icons',
    kind: 'slug',
    precision: 3,
    largest: 12_000,
  },
  {
    id: 'office',
    package: '@iconify-json/flat-color-icons',
    title: 'Flat Color Icons',
    author: 'Icons8',
    licence: 'MIT',
    url: 'https://github.com/icons8/flat-Color-icons',
    kind: 'slug',
    precision: 2,
    largest: 12_000,
  },
];

/** Slugs that are brands, national symbols, card faces, or pictures nobody asks a game artist for. */
const UNWANTED = new RegExp(
  [
    '^(abstract-\\d+|card-\\d+-.*|logic-gate-.*|[ijlostz]-brick|inverted-dice.*|rapidshare.*|bird-twitter|ubisoft-sun|klingon)$',
    '^(suicide|hammer-sickle|balkenkreuz|gibbet|death-note|harry-potter-skull|snitch-.*|pokecog|metroid|samus-helmet)$',
    '^(lucifer-cannon|triforce|millenium-key|companion-cube|thwomp|saiyan-suit|jason-mask|amputation|severed-hand)$',
    '^(android-os|bbc|copyleft|cd-logo|dvd-logo|google|icons8-cup|linux|nook|reddit|steam|stumbleupon|vlc|wikipedia|dribbble|kindle|debian|iphone|ipad)$',
    '^(share-android|share-ios|usb|nfc-sign|vip|wi-fi-logo|phone-android|tablet-android|debt)$',
  ].join('|'),
);

/** Of the names that the glossary uses for icons that are no emoji. */
export const PREFIX = { game: 'g/', ui: 'u/', office: 'o/' };

export const slug = (label) =>
  label
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’'!]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

export function readSet(set) {
  const icons = read(`${set.package}/icons.json`);
  const chars = set.kind === 'emoji' ? read(`${set.package}/chars.json`) : {};
  return { ...set, size: icons.width ?? 16, icons: icons.icons, aliases: icons.aliases ?? {}, chars };
}

/** The name → body pairs of a set without brands and without the small sizes of an icon that also comes large. */
export function slugIcons(set) {
  const best = new Map();
  for (const [name, icon] of Object.entries(set.icons)) {
    const plain = name.replace(/-(\d\d)$/, '');
    const size = icon.width ?? (set.id === 'ui' ? Number(name.match(/-(\d\d)$/)?.[1] ?? set.size) : set.size);
    if (UNWANTED.test(plain)) continue;
    if ((best.get(plain)?.size ?? 0) < size) best.set(plain, { name: plain, body: icon.body, size });
  }
  return [...best.values()];
}

/** The icon of an emoji in a set, tried under the set's own table first and under the label after. */
export function emojiIcon(set, emoji, spare) {
  const hex = emoji.hexcode.toLowerCase();
  const label = slug(emoji.label);
  const names = [set.chars[hex], set.chars[hex.replace(/-fe0f/g, '')], spare, label, `person-${label}`];
  for (const name of names) {
    const icon = name && (set.icons[name] ?? set.icons[set.aliases[name]?.parent]);
    if (icon) return { name, body: icon.body, size: icon.width ?? set.size };
  }
  return null;
}

/** Emoji that are pictures of things: no flags, letters, clock faces, skin tones or gendered doubles. */
export function readEmoji() {
  const zh = new Map(read('emojibase-data/zh/data.json').map((entry) => [entry.hexcode, entry]));
  const COMPONENTS = 2;
  const FLAGS = 9;
  return read('emojibase-data/en/data.json')
    .filter((entry) => entry.group !== undefined && entry.group !== COMPONENTS && entry.group !== FLAGS)
    .filter((entry) => !isDouble(entry))
    .map((entry) => ({
      ...entry,
      zhLabel: zh.get(entry.hexcode)?.label ?? '',
      zhTags: zh.get(entry.hexcode)?.tags ?? [],
    }));
}

const DOUBLE = [
  /facing right/,
  /^family:/,
  /^couple with heart:/,
  /^kiss:/,
  /o’clock$/,
  /-thirty$/,
  /^keycap/,
  /^input /,
  /^Japanese “/,
  /button \(blood type\)$/,
  /^(men|women) /,
  /^person: /,
  /^(man|woman): (?!beard|bald|red hair|white hair|blond)/,
  /holding hands$/,
  /^(man|woman) (?!dancing)\w+/,
  /(facing|motorized|manual) wheelchair$/,
  /black (medium|small|large)/,
  /white (medium|small|large)/,
  /^(CL|COOL|FREE|ID|NEW|NG|OK|SOS|UP|VS|O|P) ?!?button$/i,
  /^(pregnant|breast-feeding)/,
  /feeding baby$/,
  /kaaba|khanda|^om$/,
  /cigarette/,
];
const KEPT =
  /^(man|woman)( detective| cook| farmer| firefighter| mage| vampire| zombie| elf| genie| fairy| superhero| supervillain| astronaut| artist| scientist| student| guard)?$/;

const isDouble = (entry) => !KEPT.test(entry.label) && DOUBLE.some((pattern) => pattern.test(entry.label));
