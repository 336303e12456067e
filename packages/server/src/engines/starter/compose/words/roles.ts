/** Pairs of nouns: a creature and what it holds, a thing with a sign on it, a thing in front of another. */
import { words } from './word-list.ts';

const tools = (entries: [tool: string, zh: string, roles: string][]): ReadonlyMap<string, [string, string]> =>
  new Map(entries.flatMap(([en, zh, roles]) => [...words(roles)].map((role) => [role, [en, zh]] as const)));

/** `goblin archer` is a goblin with a bow. */
const TOOLS = tools([
  ['bow', '弓', 'archer, ranger, bowman, hunter, 弓箭手, 射手, 猎人, 游侠, 弓手'],
  [
    'sword',
    '剑',
    'warrior, fighter, soldier, swordsman, gladiator, knight, paladin, crusader, hero, adventurer, guard, mercenary, 战士, 勇士, 剑士, 角斗士, 剑客, 骑士, 圣骑士, 士兵, 勇者, 英雄, 守卫, 卫兵',
  ],
  [
    'wizard staff',
    '法杖',
    'mage, wizard, sorcerer, warlock, magician, witch, shaman, druid, necromancer, cleric, priest, healer, 法师, 巫师, 魔法师, 术士, 女巫, 萨满, 德鲁伊, 牧师, 祭司, 死灵法师',
  ],
  ['dagger', '匕首', 'assassin, rogue, thief, bandit, 刺客, 盗贼, 小偷, 强盗'],
  ['katana', '武士刀', 'samurai, ninja, ronin, 武士, 忍者, 浪人'],
  ['crown', '皇冠', 'king, queen, prince, princess, lord, monarch, emperor, 国王, 女王, 王子, 公主, 皇帝'],
  ['axe', '斧头', 'barbarian, berserker, viking, lumberjack, woodcutter, 野蛮人, 狂战士, 维京人, 伐木工'],
  ['pickaxe', '镐', 'miner, 矿工'],
  ['hammer', '锤子', 'blacksmith, smith, builder, 铁匠, 工匠'],
  ['spear', '长矛', 'spearman, lancer, 枪兵, 长枪兵'],
  ['shield', '盾牌', 'defender, tank unit, 盾兵'],
  ['spell book', '魔法书', 'scholar, sage, 学者, 贤者'],
]);

export const toolOf = (role: string, chinese: boolean): string | undefined =>
  TOOLS.get(role.replace(/s$/, ''))?.[chinese ? 1 : 0] ?? TOOLS.get(role)?.[chinese ? 1 : 0];

/** A dragon knight is a knight, and a dragon beside. */
export const MOUNTS = words(
  'dragon, wyvern, griffin, pegasus, phoenix, unicorn, horse, wolf, lion, bear, eagle, serpent, hydra, 龙, 巨龙, 狮鹫, 飞马, 凤凰, 独角兽, 马, 狼, 狮子, 熊, 鹰',
);

/** Signs that are readable on another thing; creatures are too: `skull potion`, `dragon shield`. */
export const EMBLEMS = words(
  'skull, heart, star, moon, crescent, sun, flame, snowflake, leaf, clover, rose, flower, cross, crown, lightning, lightning bolt, anchor, eye, sword, swords, crossed swords, bone, mushroom, gear, feather, key, drop, cherry, apple',
  '头骨, 骷髅, 骷髅头, 心, 爱心, 心形, 星星, 星形, 五角星, 月亮, 太阳, 火苗, 雪花, 叶子, 四叶草, 玫瑰, 花, 花朵, 十字, 皇冠, 闪电, 锚, 眼睛, 剑, 骨头, 蘑菇, 齿轮, 羽毛',
);

/** Stones that are inset in the thing named before: `a sword with a blue gem`. */
export const GEMS = words(
  'gem, gems, gemstone, jewel, jewels, crystal, crystals, diamond, ruby, sapphire, emerald, amethyst, orb, pearl, stone gem, 宝石, 水晶, 钻石, 红宝石, 蓝宝石, 绿宝石, 紫水晶, 珍珠, 宝珠',
);

/** Places: a thing in or on one is drawn in front of it. */
export const SCENERY = words(
  'forest, woods, jungle, mountain, mountains, desert, beach, sea, ocean, lake, city, village, garden, field, meadow, swamp, graveyard, cemetery, sky, night sky, space, island, volcano, waterfall, rainbow, cave, ruins, town, sunset, sunrise, galaxy',
  '森林, 树林, 丛林, 山, 群山, 雪山, 沙漠, 海滩, 大海, 海, 海洋, 湖, 城市, 村庄, 花园, 田野, 草原, 沼泽, 墓地, 天空, 夜空, 星空, 太空, 宇宙, 岛, 岛屿, 火山, 瀑布, 彩虹, 洞穴, 废墟, 日落, 日出, 银河',
);

/** The time of day and the weather: drawn behind everything else. */
export const SKIES = words(
  'night, night time, nighttime, midnight, dusk, dawn, sunset, sunrise, rain, raining, snowing, snowfall, storm, thunderstorm, fog, night sky, starry sky',
  '夜, 夜晚, 晚上, 夜里, 深夜, 黄昏, 黎明, 傍晚, 日落, 日出, 夜空, 星空, 雨, 下雨, 雨天, 暴雨, 下雪, 暴风雪, 雾',
);

/** One drawing of these is not enough for the whole. */
export const MANIFOLD = words('forest, woods, jungle, mountains, village, 森林, 树林, 丛林, 群山, 村庄');
