/** Colour words of both languages. A colour that is also a thing (orange, rose, gold) is marked: alone it is the thing. */
export interface ColourWord {
  en: string;
  zh: string;
  hex: string;
  /** Drawn with highlights as a metal. */
  metal?: boolean;
}

const TABLE: [words: string, hex: string, flags?: 'metal'][] = [
  ['red, reddish | 红, 红色, 赤色, 赤红, 大红', '#e02b2b'],
  ['crimson | 深红, 深红色, 绯红, 绯红色', '#b0122f'],
  ['scarlet | 猩红, 猩红色, 鲜红, 鲜红色', '#f0321e'],
  ['dark red, maroon, burgundy, wine red | 暗红, 暗红色, 酒红, 酒红色, 枣红, 枣红色', '#7d1524'],
  ['ruby | 宝石红', '#c4143c'],
  ['orange | 橙, 橙色, 橘色, 橘红, 橘红色, 橙红, 橙红色, 桔色', '#f5821f'],
  ['amber | 琥珀色', '#f2a516'],
  ['coral | 珊瑚色, 珊瑚红', '#f9705c'],
  ['peach | 桃色', '#f9b48f'],
  ['yellow | 黄, 黄色, 明黄, 明黄色', '#f7cf1d'],
  ['lemon yellow, pale yellow, light yellow | 柠檬黄, 浅黄, 浅黄色, 淡黄, 淡黄色', '#f8e670'],
  ['gold, golden | 金, 金色, 金黄, 金黄色, 黄金色, 金色的', '#e8b21c', 'metal'],
  ['lime, lime green, chartreuse | 黄绿, 黄绿色, 青柠色, 嫩绿, 嫩绿色', '#9bd11f'],
  ['green | 绿, 绿色', '#3aa63f'],
  ['light green, pale green | 浅绿, 浅绿色, 淡绿, 淡绿色', '#8fd68a'],
  ['dark green, forest green | 深绿, 深绿色, 墨绿, 墨绿色, 暗绿, 暗绿色', '#14593a'],
  ['olive, olive green | 橄榄绿, 橄榄色, 军绿, 军绿色', '#7f8231'],
  ['emerald green | 翠绿, 翠绿色, 祖母绿, 碧绿, 碧绿色', '#0fa968'],
  ['mint, mint green | 薄荷绿, 薄荷色', '#7fe0b6'],
  ['teal | 蓝绿, 蓝绿色, 水鸭色', '#12908e'],
  ['turquoise | 绿松石色, 青绿, 青绿色, 松石绿', '#27c7bd'],
  ['cyan, aqua | 青, 青色, 湖蓝, 湖蓝色, 水蓝, 水蓝色', '#1fc8e3'],
  ['sky blue, light blue, pale blue, baby blue | 天蓝, 天蓝色, 浅蓝, 浅蓝色, 淡蓝, 淡蓝色', '#6dbff2'],
  ['blue | 蓝, 蓝色', '#2b6fe0'],
  ['azure | 蔚蓝, 蔚蓝色, 碧蓝, 碧蓝色', '#2a8df0'],
  ['cobalt, royal blue, sapphire blue | 宝蓝, 宝蓝色, 宝石蓝, 钴蓝', '#2347c5'],
  ['navy, navy blue, dark blue | 深蓝, 深蓝色, 藏青, 藏青色, 海军蓝, 藏蓝, 藏蓝色', '#1d2f6f'],
  ['indigo | 靛, 靛蓝, 靛色, 靛蓝色, 靛青', '#4b3bb5'],
  ['violet | 紫罗兰色, 蓝紫, 蓝紫色', '#7a4be0'],
  ['purple | 紫, 紫色', '#9139c9'],
  ['dark purple | 深紫, 深紫色, 暗紫, 暗紫色', '#4f1d80'],
  ['lavender, lilac, light purple | 淡紫, 淡紫色, 浅紫, 浅紫色, 薰衣草色', '#b99bea'],
  ['magenta, fuchsia | 品红, 品红色, 洋红, 洋红色, 紫红, 紫红色', '#d626a8'],
  ['pink | 粉, 粉色, 粉红, 粉红色', '#f584b4'],
  ['hot pink, rose pink | 玫红, 玫红色, 玫瑰红, 桃红, 桃红色', '#f03c87'],
  ['brown | 棕, 棕色, 褐色, 咖啡色, 茶色', '#8a5230'],
  ['dark brown | 深棕, 深棕色, 深褐色', '#53301c'],
  ['tan, beige, khaki, sand coloured | 米色, 卡其, 卡其色, 驼色, 沙色', '#d2b48a'],
  ['cream, ivory | 奶油色, 象牙色, 象牙白, 奶白, 米白, 米白色', '#f4ead2'],
  ['white, snow-white | 白, 白色, 雪白, 纯白', '#f4f5f8'],
  ['light gray, light grey | 浅灰, 浅灰色', '#c3c8d0'],
  ['gray, grey | 灰, 灰色', '#8b919c'],
  ['dark gray, dark grey, charcoal | 深灰, 深灰色, 炭灰, 炭灰色', '#474c56'],
  ['black, jet black | 黑, 黑色, 乌黑, 漆黑, 纯黑', '#26272e'],
  ['silver, silvery | 银, 银色, 银白, 银白色', '#b9c2cf', 'metal'],
  ['bronze | 青铜色, 古铜, 古铜色', '#b0753a', 'metal'],
  ['copper | 铜色, 紫铜色', '#c8703f', 'metal'],
];

/** These are things too: `an orange`, `a rose`, `gold`. With another thing behind them they are colours. */
export const ALSO_THINGS = new Set([
  'orange',
  'gold',
  'silver',
  'peach',
  'lime',
  'lemon',
  'olive',
  'coral',
  'mint',
  'ruby',
  'amber',
  'lavender',
  'lilac',
  'bronze',
  'copper',
  'ivory',
  'cream',
  'tan',
  '金',
  '银',
  '粉',
  '青',
  '靛',
]);

const split = (words: string): string[] => words.split(',').map((word) => word.trim());

export const COLOURS: ReadonlyMap<string, ColourWord> = new Map(
  TABLE.flatMap(([words, hex, flag]) => {
    const [english = [], chinese = []] = words.split('|').map(split);
    const colour: ColourWord = {
      en: english[0] as string,
      zh: chinese.find((word) => word.endsWith('色')) ?? (chinese[0] as string),
      hex,
      ...(flag && { metal: true }),
    };
    return [...english, ...chinese, ...chinese.map((word) => `${word}的`)].map(
      (word) => [word, colour] as const,
    );
  }),
);
