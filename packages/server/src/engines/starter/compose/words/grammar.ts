/** The small words of both languages: words that join, count, size or style things, and filler words. */
import { COLOURS } from './colours.ts';
import { words } from './word-list.ts';

export type Style =
  | 'flat'
  | 'glossy'
  | 'outline'
  | 'pixel'
  | 'silhouette'
  | 'sticker'
  | 'neon'
  | 'watercolour'
  | 'papercut'
  | 'lowpoly';
export type Plate = 'none' | 'full' | 'circle' | 'square' | 'shield' | 'burst';
export type Join =
  | 'and'
  | 'with'
  | 'on'
  | 'under'
  | 'of'
  | 'filled'
  /** Implied joins: on the thing before as its sign, inset in it, behind it. */
  | 'emblem'
  | 'inset'
  | 'behind'
  /** Behind everything: the time of day, the weather. */
  | 'sky'
  /** On the floor of a scene. */
  | 'prop';

const table = <T extends string | number>(entries: [T, string][]): ReadonlyMap<string, T> =>
  new Map(entries.flatMap(([value, words]) => words.split(',').map((word) => [word.trim(), value] as const)));

export const STYLES = table<Style>([
  [
    'flat',
    'flat, flat style, flat design, flat icon, minimal, minimalist, minimalistic, simple style, vector style, 扁平, 扁平风, 扁平风格, 扁平化, 极简, 极简风, 极简风格, 简约, 简约风, 简约风格, 简洁',
  ],
  [
    'glossy',
    '3d, 3-d, 3d style, glossy, shiny style, clay, claymorphism, rendered, 立体, 立体感, 3d风格, 三维, 光泽, 质感, 拟物',
  ],
  [
    'outline',
    'outline, outlined, outline style, line art, lineart, line drawing, line icon, line style, sketch, contour, colouring page, coloring page, ink drawing, 线稿, 线条, 线框, 描边, 线描, 简笔画, 轮廓, 线条风, 线条风格, 素描',
  ],
  [
    'pixel',
    'pixel art, pixelart, pixel style, pixel, pixelated, pixels, 8-bit, 8bit, 8 bit, 16-bit, 16bit, 16 bit, retro pixel, 像素, 像素风, 像素风格, 像素画, 像素艺术, 点阵, 8位',
  ],
  ['silhouette', 'silhouette, silhouettes, silhouette of, shadow shape, 剪影, 剪影风格, 黑影, 轮廓剪影'],
  ['sticker', 'sticker, stickers, sticker style, sticker of, die-cut, die cut, decal, 贴纸, 贴纸风格'],
  [
    'neon',
    'neon, neon style, neon light, neon sign, glowing neon, cyberpunk, cyberpunk style, 霓虹, 霓虹灯, 霓虹风, 霓虹风格, 霓虹灯风格, 赛博朋克, 赛博朋克风格',
  ],
  [
    'watercolour',
    'watercolour, watercolor, water colour, water color, watercolor painting, watercolour painting, aquarelle, 水彩, 水彩画, 水彩风, 水彩风格',
  ],
  [
    'papercut',
    'paper cut, papercut, paper-cut, paper craft, papercraft, cut paper, 剪纸, 剪纸风, 剪纸风格, 纸艺',
  ],
  [
    'lowpoly',
    'low poly, low-poly, lowpoly, low poly style, low-poly style, polygonal, polygon art, faceted, 低多边形, 低多边形风格, 低模, 低面数',
  ],
]);

export const PLATES = table<Plate>([
  [
    'circle',
    'badge, round badge, circle badge, circular badge, round button, in a circle, medallion, emblem, round icon, token, 徽章, 圆形徽章, 圆徽, 圆形图标, 圆形按钮, 徽标, 勋章底',
  ],
  [
    'square',
    'app icon, square badge, rounded square, square button, button, icon button, 应用图标, 方形图标, 方形徽章, 按钮, 图标按钮, 圆角方形',
  ],
  ['shield', 'shield badge, crest, coat of arms, 盾形徽章, 纹章'],
]);

export const BACKGROUNDS = new Set([
  'background',
  'backdrop',
  'bg',
  'background colour',
  'background color',
  '背景',
  '底色',
  '底',
  '背景色',
  '背景上',
  '背景上的',
  '背景下',
  '背景里',
]);
export const TRANSPARENT = new Set([
  'transparent',
  'transparent background',
  'no background',
  'without background',
  'isolated',
  'cutout',
  'cut-out',
  '透明',
  '透明背景',
  '透明底',
  '无背景',
  '没有背景',
  '去背景',
]);

export const JOINS = table<Join>([
  [
    'and',
    'and, &, +, plus, next to, beside, near, versus, vs, fighting, attacking, chasing, facing, guarding, slaying, 和, 与, 跟, 以及, 还有, 及, 旁边的, 加上, 并且',
  ],
  [
    'with',
    'with, holding, wielding, wearing, carrying, riding, hugging, eating, together with, riding on, armed with, equipped with, 手持, 手拿, 手握, 握着, 持, 持着, 举着, 佩戴, 带着, 拿着, 抱着, 戴着, 骑着, 穿着, 背着, 叼着, 吃着, 拿, 抱, 骑, 戴, 带',
  ],
  [
    'on',
    'on, on top of, over, above, upon, in, inside, within, at, in front of, 在, 前面的, 坐在, 站在, 放在, 里的, 上的, 上, 里, 中的',
  ],
  ['under', 'under, below, beneath, behind, 下的, 下面的, 底下的, 后面的'],
  ['of', 'of, made of, made from, out of'],
  ['filled', 'full of, filled with, 装满, 充满, 装着, 盛满'],
]);

export const COUNTS = table<number>([
  [
    1,
    'a single, one, 1, 一个, 一只, 一把, 一条, 一枚, 一颗, 一朵, 一本, 一张, 一位, 一头, 一匹, 一座, 一瓶, 一杯, 一块, 一件, 一双, 一顶, 一面, 一根, 一株, 一棵, 一支, 一艘, 一辆, 一架, 一台, 一份, 一片, 一束, 一串, 一套, 一副, 一名, 一幅',
  ],
  [
    2,
    'two, 2, a pair of, pair of, a couple of, twin, double, 两, 两个, 两只, 两把, 两条, 两枚, 两颗, 两朵, 两本, 两位, 两头, 两瓶, 两块, 两根, 两棵, 两支, 二个, 2个, 2只, 一对',
  ],
  [
    3,
    'three, 3, several, a few, some, triple, 三, 三个, 三只, 三把, 三条, 三枚, 三颗, 三朵, 三本, 三位, 三头, 三瓶, 三块, 三根, 三棵, 三支, 3个, 3只, 3把, 几个, 几只, 一些, 一组',
  ],
  [4, 'four, 4, 四, 四个, 四只, 四把, 四条, 四枚, 四颗, 四朵, 四本, 四瓶, 四块, 4个, 4只'],
  [
    5,
    'five, 5, many, lots of, a bunch of, a pile of, pile of, heap of, 五, 五个, 五只, 五把, 五条, 五枚, 五颗, 五朵, 五本, 五瓶, 五块, 5个, 5只, 许多, 很多, 一堆, 一群, 大量',
  ],
  [6, 'six, 6, half a dozen, 六, 六个, 六只, 六把, 六枚, 六颗, 6个'],
  [7, 'seven, 7, 七, 七个, 七颗, 7个'],
  [8, 'eight, 8, 八, 八个, 八颗, 8个'],
  [9, 'nine, 9, 九, 九个, 九颗, 9个'],
  [10, 'ten, 10, 十, 十个'],
  [11, 'eleven, 11, 十一'],
  [12, 'twelve, 12, a dozen, dozen, 十二, 一打'],
]);

export const SIZES = table<number>([
  [0.42, 'tiny, teeny, mini, very small, miniature, 微小, 极小, 迷你, 微型, 小小的'],
  [0.62, 'small, little, 小, 小型, 小的, 小小'],
  [1, 'big, large, huge, giant, gigantic, massive, enormous, 大, 大型, 巨大, 巨型, 超大, 大的, 巨大的, 庞大'],
]);

/** Chinese says where a thing is before the thing: 树上的猫 is a cat, on a tree. */
export const POSTPOSED = new Set([
  '里的',
  '上的',
  '中的',
  '下的',
  '下面的',
  '底下的',
  '后面的',
  '前面的',
  '旁边的',
]);

/** Materials; they colour a thing like a colour word. */
export const MATERIALS = table<string>([
  ['steel', 'iron, steel, metal, metallic, 铁, 钢, 铁制, 钢铁, 金属, 铁质'],
  ['gold', 'gold-plated, gilded, 黄金, 纯金, 镀金'],
  ['silver', 'platinum, 白银, 纯银, 铂金'],
  ['bronze', 'brass, 青铜, 黄铜, 铜, 铜制'],
  ['wood', 'wooden, wood, oak, 木, 木制, 木质, 木头, 木头的'],
  ['leather', 'leather, 皮, 皮革, 皮制, 皮质'],
  ['stone', 'stone, rocky, granite, marble, 石, 石头, 石制, 岩石, 大理石'],
  ['ice', 'ice, icy, frozen, frost, frosty, 冰, 寒冰, 冰冻, 冰霜, 冰冻的, 霜'],
  ['fire', 'fire, fiery, flaming, burning, blazing, 火焰, 烈火, 燃烧, 燃烧的, 火, 炎'],
  ['crystal', 'crystal, glass, glassy, diamond, 水晶, 玻璃, 钻石'],
  ['poison', 'poison, poisonous, toxic, venomous, 毒, 剧毒, 有毒, 毒性'],
  ['arcane', 'magic, magical, arcane, mystic, mystical, enchanted, 魔法, 奥术, 神秘, 附魔, 魔力'],
  ['shadow', 'shadow, dark, shadowy, cursed, evil, 暗影, 黑暗, 诅咒, 邪恶, 暗黑'],
  ['holy', 'holy, sacred, divine, angelic, 神圣, 圣, 圣洁'],
  ['bone', 'bone, bony, 骨, 骨制, 白骨'],
  ['blood', 'blood, bloody, 血, 血腥, 鲜血'],
  ['leaf', 'leafy, mossy, 藤蔓, 叶'],
  ['emerald', 'emerald, jade, 翡翠, 玉, 玉石, 绿宝石, 祖母绿宝石'],
  ['sapphire', 'sapphire, 蓝宝石'],
  ['ruby', 'ruby, 红宝石'],
  ['amethyst', 'amethyst, 紫水晶'],
]);

/** Joining words that are also actions. The two things are drawn, the action is not. */
export const ACTIONS = words(
  'wearing, riding, riding on, hugging, eating, fighting, attacking, chasing, facing, guarding, slaying, 骑着, 骑, 抱着, 抱, 叼着, 吃着, 戴着, 戴, 穿着, 佩戴, 坐在, 站在',
);

/** Words of praise and grammar, which a picture cannot show. They are ignored and listed in the provenance. */
const FILLER = words(
  'a, an, the, this, that, my, your, his, her, its, it, is, are, of, to, for, from, by, as, please, draw, paint, make, create, generate, render, show, me, i, want, need, picture, image, photo, illustration, drawing, art, artwork, icon, icons, logo, symbol, asset, assets, sprite, sprites, game, style, styled, design, clipart, emoji, cartoon, cartoonish, game icon, game asset, rpg, 2d, hd, 4k, 8k, high, quality, detailed, highly, best, masterpiece, view, front, side, top, down, low, empty, blank, plain, ar, bit, cool, nice, beautiful, pretty, lovely, epic, fancy, elegant, single, simple, style of, a piece of, piece of, a slice of, slice of, slice, slices, a block of, block of, very, really, so, one',
  '的, 地, 得, 了, 着, 过, 一, 个, 只, 把, 条, 枚, 张, 这, 那, 我, 你, 请, 画, 绘制, 生成, 制作, 做, 要, 想要, 想, 给我, 帮我, 图, 图片, 图标, 图案, 插画, 插图, 素材, 风格, 风, 样式, 游戏, 游戏图标, 游戏素材, 卡通, 卡通风格, 高清, 高质量, 精美, 细节, 标志, 标识, 形状, 是, 有, 为, 用, 们, 之, 位, 上面, 下面, 里面, 中, 面, 款, 种, 色, 颜色, 感, 系, 漂亮, 漂亮的, 美丽, 美丽的, 帅气, 帅气的, 酷, 酷炫, 史诗, 简单, 精致, 精致的, 华丽, 华丽的',
);

/** Qualities and actions. They choose no drawing and are reported as not drawn. */
export const DESCRIPTIVE = words(
  'cute, adorable, kawaii, legendary, rare, common, ancient, old, new, young, wise, brave, fierce, scary, spooky, creepy, happy, sad, angry, funny, friendly, mighty, powerful, strong, fast, flying, running, sitting, standing, sleeping, glowing, shining, shiny, sparkling, bright, light, colorful, colourful, fantasy, medieval, modern, futuristic, mysterious, haunted, abandoned, broken, rusty, worn, fresh, delicious, tasty, juicy, hot, cold, warm, soft, hard, round, sharp, long, short, tall, fat, thin, wild, baby, lonely, classic, vintage, retro, traditional, snowy, sunny',
  '可爱, 可爱的, 萌, 萌萌的, 古老, 古老的, 传说, 传奇, 稀有, 普通, 神奇, 智慧, 勇敢, 凶猛, 恐怖, 可怕, 开心, 快乐, 悲伤, 愤怒, 强大, 发光, 发光的, 闪亮, 闪亮的, 闪闪发光, 会飞的, 飞行, 飞翔的, 奔跑, 奔跑的, 坐着, 站着, 睡觉, 睡觉的, 彩色, 五彩, 幻想, 奇幻, 中世纪, 现代, 未来, 神秘的, 破旧, 生锈, 新鲜, 美味, 经典, 复古, 传统, 野生, 锋利, 锋利的, 圆, 圆圆的, 胖, 胖胖的, 老, 旧, 新',
);

export const IDLE: ReadonlySet<string> = new Set([...FILLER, ...DESCRIPTIVE]);

export const isModifier = (text: string): boolean =>
  COLOURS.has(text) ||
  MATERIALS.has(text) ||
  COUNTS.has(text) ||
  SIZES.has(text) ||
  IDLE.has(text) ||
  JOINS.has(text);
