/** Places as backgrounds: a wall or a floor, and furniture. */
import { words } from './word-list.ts';

export interface Scene {
  /** A texture, and things, by their names in the vocabulary. */
  ground: string;
  props: string[];
}

const scenes = (entries: [places: string, ground: string, props: string][]): ReadonlyMap<string, Scene> =>
  new Map(
    entries.flatMap(([places, ground, props]) =>
      [...words(places)].map((place) => [place, { ground, props: [...words(props)] }] as const),
    ),
  );

export const SCENES = scenes([
  ['tavern, inn, pub, bar, 酒馆, 旅馆, 客栈, 酒吧', 'wooden planks', 'barrel, beer mug'],
  ['library, bookstore, study, 图书馆, 书房, 书店', 'wooden planks', 'books, candle'],
  ['shop, store, market, 商店, 店铺, 市场', 'wooden planks', 'coin bag, potion'],
  ['house, cabin, hut, room, kitchen, 房子, 小屋, 木屋, 房间, 厨房', 'wooden planks', 'chair, candle'],
  ['dungeon, prison, jail, crypt, tomb, 地牢, 地下城, 监狱, 墓穴', 'dungeon', 'torch, skull'],
  ['castle, fortress, throne, 城堡, 要塞, 王座', 'castle wall', 'throne, torch'],
  ['forge, blacksmith, smithy, anvil, 铁匠铺, 铁匠, 锻造', 'stone brick', 'anvil, hammer'],
  ['cave, mine, 洞穴, 山洞, 矿洞', 'rock', 'crystal, bat'],
  [
    'forest, woods, jungle, meadow, field, garden, park, 森林, 树林, 丛林, 草原, 田野, 花园, 公园',
    'grass',
    'tree, mushroom',
  ],
  ['village, farm, 村庄, 农场', 'grass', 'house, tree'],
  ['graveyard, cemetery, 墓地, 坟场', 'grass', 'tombstone, bat'],
  ['desert, 沙漠', 'sand', 'cactus, skull'],
  ['beach, island, 海滩, 沙滩, 岛, 岛屿', 'sand', 'palm tree, starfish'],
  ['sea, ocean, lake, river, 海, 大海, 海洋, 湖, 河', 'water', 'fish, ship'],
  ['volcano, 火山', 'lava', 'fire, dragon'],
  ['snow, mountain, mountains, 雪, 雪山, 山', 'snow', 'pine tree, snowman'],
]);

/** After the name of a place these words mean the whole place. */
export const SCENE_HEADS = words(
  'background, backdrop, bg, scene, scenery, interior, environment, landscape, 背景, 场景, 室内, 环境, 风景',
);
