/** Shapes of our own that no icon set has: interface parts, textures that tile, a cut stone. */

export type Widget = 'bar' | 'button' | 'panel' | 'slot' | 'gem';
export type Texture = 'bricks' | 'cobbles' | 'grass' | 'specks' | 'planks' | 'waves' | 'cracks';

export interface OwnShape {
  name: string;
  en: string;
  zh: string;
  words: string[];
  materials: string[];
  /** Covers the picture from edge to edge. */
  texture?: Texture;
  widget?: Widget;
}

const list = (words: string): string[] => words.split(',').map((word) => word.trim());

const widget = (
  widget: Widget,
  [en, zh]: [string, string],
  words: string,
  ...materials: string[]
): OwnShape => ({ name: en.replaceAll(' ', '-'), en, zh, words: list(words), materials, widget });

const HEADS = [
  'texture',
  'tile',
  'tiles',
  'wall tile',
  'floor tile',
  'ground tile',
  'pattern',
  'block texture',
];
const CHINESE_HEADS = ['纹理', '贴图', '瓦片', '地块', '图块', '地砖'];

/** Every word with every head: a grass tile, 草地纹理. */
const texture = (
  texture: Texture,
  [en, zh]: [string, string],
  words: string,
  ...materials: string[]
): OwnShape => ({
  name: `${en.replaceAll(' ', '-')}-texture`,
  en: `${en} texture`,
  zh: `${zh}纹理`,
  words: list(words).flatMap((word) =>
    /[a-z]/.test(word) ? HEADS.map((head) => `${word} ${head}`) : CHINESE_HEADS.map((head) => word + head),
  ),
  materials,
  texture,
});

export const OWN_SHAPES: OwnShape[] = [
  widget(
    'bar',
    ['health bar', '血条'],
    'health bar, healthbar, hp bar, life bar, health bar frame, hp bar frame, 血条, 生命条, 生命值条, 血量条, 血条框, 血条边框',
    'blood',
  ),
  widget(
    'bar',
    ['mana bar', '法力条'],
    'mana bar, mp bar, magic bar, mana bar frame, 法力条, 蓝条, 魔法条, 法力值条',
    'sapphire',
  ),
  widget(
    'bar',
    ['stamina bar', '体力条'],
    'stamina bar, energy bar, stamina bar frame, 体力条, 耐力条, 能量条',
    'leaf',
  ),
  widget('bar', ['experience bar', '经验条'], 'experience bar, xp bar, exp bar, 经验条, 经验值条', 'gold'),
  widget(
    'bar',
    ['progress bar', '进度条'],
    'progress bar, loading bar, boss bar, bar frame, empty bar, 进度条, 加载条, 读条',
    'ocean',
  ),
  widget(
    'button',
    ['button', '按钮'],
    'button, buttons, ui button, gui button, menu button, game button, blank button, empty button, 按钮, 空按钮, 空白按钮, 界面按钮, 游戏按钮',
    'sapphire',
  ),
  widget(
    'panel',
    ['panel', '面板'],
    'panel, ui panel, menu panel, gui panel, dialog box, dialogue box, text box, message box, ui window, 面板, 界面面板, 对话框, 文本框, 消息框, 弹窗',
    'slate',
  ),
  widget(
    'slot',
    ['slot', '格子'],
    'slot, item slot, inventory slot, equipment slot, ui frame, item frame, portrait frame, avatar frame, icon frame, skill frame, 格子, 物品格, 物品格子, 物品框, 头像框, 图标框, 技能框',
    'slate',
  ),
  texture('grass', ['grass', '草地'], 'grass, lawn, meadow, grassland, 草, 草地, 草坪', 'leaf'),
  texture(
    'bricks',
    ['brick', '砖墙'],
    'brick, bricks, brick wall, red brick, clay brick, 砖, 砖墙, 红砖',
    'ember',
  ),
  texture(
    'cobbles',
    ['cobblestone', '鹅卵石'],
    'cobblestone, cobblestones, cobble, stone, stones, stone floor, rock, rocky, pebble, pebbles, 鹅卵石, 石头, 岩石, 卵石, 石地',
    'stone',
  ),
  texture(
    'bricks',
    ['stone brick', '石砖'],
    'stone brick, stone bricks, stone brick wall, stone wall, castle wall, dungeon wall, dungeon, dungeon floor, 石砖, 石砖墙, 石墙, 城墙, 地牢',
    'stone',
  ),
  texture('cracks', ['lava', '熔岩'], 'lava, magma, 熔岩, 岩浆', 'fire'),
  texture('specks', ['dirt', '泥土'], 'dirt, soil, mud, earth, ground, 泥土, 土, 土地, 泥地', 'wood'),
  texture(
    'specks',
    ['sand', '沙地'],
    'sand, sandy, desert, desert sand, beach, 沙, 沙地, 沙子, 沙漠',
    'paper',
  ),
  texture('specks', ['snow', '雪地'], 'snow, snowy, snow ground, 雪, 雪地', 'silver'),
  texture(
    'planks',
    ['wood plank', '木板'],
    'wood, wooden, wood plank, wood planks, wooden plank, wooden planks, plank, planks, wood floor, wooden floor, wooden wall, 木, 木头, 木板, 木地板, 木质',
    'wood',
  ),
  texture('waves', ['water', '水面'], 'water, sea, ocean, river, lake, 水, 水面, 海水, 海面, 湖水', 'water'),
  texture('waves', ['ice', '冰面'], 'ice, frozen, 冰, 冰面, 冰块', 'ice'),
];

/** The stone inset in swords and staffs; an icon's drawing would be too fine there. */
export const GEM: OwnShape = widget('gem', ['set stone', '镶嵌宝石'], '', 'sapphire');
