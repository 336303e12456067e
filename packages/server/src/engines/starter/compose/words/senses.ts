/**
 * Words with several senses: a bolt of lightning, of a crossbow, of a machine. The first sense is what a game means;
 * a cue, a word beside it or elsewhere in the prompt, chooses another one. `=` before a cue: it must stand directly
 * before the word.
 */
import { words } from './word-list.ts';

export interface Sense {
  /** What the vocabulary calls it; null: no drawing of the library shows it. */
  name: string | null;
  cues: ReadonlySet<string>;
}

export interface Senses {
  /** Undefined: what the vocabulary finds under the word itself; null: the library shows no usual sense. */
  usual: string | null | undefined;
  others: Sense[];
}

type Row = [word: string, usual: string | null, ...others: [name: string | null, cues: string][]];

const CHESS = 'chess, chessboard, checkmate, board game';
const CARDS = 'card, cards, playing card, playing cards, poker, suit, joker, ace';

const ENGLISH: Row[] = [
  [
    'bolt',
    '',
    ['crossbow bolt', 'crossbow, ballista, arbalest, quiver, quarrel, archer, arrow, arrows'],
    ['screw', 'nut, nuts, screw, screws, wrench, spanner, hex, rivet, machine, mechanic, threaded'],
    ['cloth', 'cloth, fabric, silk, linen, tailor'],
    ['fireball', '=fire, =flame'],
    [null, '=door, =window, =gate'],
  ],
  [
    'bow',
    '',
    ['bow', 'arrow, arrows, archer, archers, quiver, ranger, hunter, elf, archery'],
    ['ship bow', 'ship, boat, stern, prow'],
    ['ribbon bow', 'ribbon, ribbons, hair, gift, present, bonnet, bowtie, =satin, =silk, christmas, dress'],
  ],
  [
    'bat',
    '',
    ['baseball bat', 'baseball, softball, ball, batter, pitcher, =wooden, =aluminium, =aluminum'],
    ['cricket bat', 'cricket, wicket'],
    ['ping pong bat', 'ping pong, table tennis, ping-pong'],
  ],
  ['bug', '', ['shield bug', '=shield, =stink'], [null, 'software, code, program, debug, computer']],
  [
    'ring',
    '',
    ['boxing ring', 'boxing, boxer, boxers, wrestling, wrestler, referee'],
    [null, '=smoke, =onion, =phone, =tree, =circus, =water'],
  ],
  [
    'spring',
    '',
    [
      null,
      'season, seasons, summer, autumn, winter, springtime, april, blossom, flowers, flower, water, well, stream, forest',
    ],
  ],
  [
    'mouse',
    '',
    [
      'computer mouse',
      'computer, pc, laptop, keyboard, wireless, usb, gaming, monitor, desktop, optical, mousepad',
    ],
  ],
  [
    'crane',
    '',
    ['paper crane', 'paper, origami'],
    ['heron', 'bird, birds, heron, feather, feathers, wings, lake, marsh'],
  ],
  [
    'club',
    '',
    ['club suit', `${CARDS}, hearts, spades, diamonds`],
    [null, 'golf, golfer, =night, =dance, dj, disco, =book, =fan, =sports, =football, =tennis'],
  ],
  ['clubs', 'club', ['club suit', `${CARDS}, hearts, spades, diamonds, of`], [null, 'golf, golfer']],
  [
    'pitcher',
    '',
    [null, 'baseball, softball, batter, throwing, mound, catcher'],
    ['carnivorous plant', 'carnivorous'],
  ],
  [
    'mine',
    '',
    [
      'gold mine',
      'gold, silver, ore, ores, coal, diamond, diamonds, gem, gems, crystal, crystals, dwarf, dwarves, dwarven, miner, miners, pickaxe, shaft, entrance, cave, tunnel, tunnels, underground, cart, carts, minecart, rails, mountain, background, interior, scene',
    ],
  ],
  [
    'plant',
    '',
    ['carnivorous plant', '=pitcher'],
    ['nuclear plant', '=nuclear, =power, =nuclear power, reactor'],
    ['factory', '=chemical, =steel, =industrial, =cement, =car, =manufacturing, =assembly, =bottling'],
  ],
  ['lantern', '', ['jack-o-lantern', 'pumpkin, halloween, jack-o']],
  [
    'horn',
    '',
    ['rhinoceros horn', 'rhino, rhinoceros'],
    [
      'horns',
      'unicorn, demon, devil, bull, ox, cow, goat, ram, dragon, minotaur, beast, monster, animal, imp',
    ],
    [null, 'car, truck, bicycle, bike'],
  ],
  [
    'trunk',
    'chest',
    ['log', 'tree, oak, pine, log, bark, forest, wood, wooden tree'],
    [null, 'elephant, elephants, mammoth, car, vehicle'],
  ],
  ['palm', 'palm tree', ['hand', 'hand, hands, finger, fingers, reading, fist, open, skin, human, slap']],
  ['seal', '', ['wax seal', 'wax, letter, envelope, scroll, royal, document, stamp, contract, parchment']],
  ['spade', '', ['spade suit', `${CARDS}, hearts, clubs, diamonds`]],
  [
    'heart',
    '',
    ['anatomical heart', 'organ, anatomical, surgery, surgeon, transplant, donor, veins, arteries, anatomy'],
    ['heart suit', `${CARDS}, spades, clubs`],
  ],
  ['diamond', '', ['diamond suit', `${CARDS}, spades, clubs`]],
  [
    'king',
    '',
    ['chess king', CHESS],
    ['card king hearts', 'hearts'],
    ['card king spades', 'spades'],
    ['card king clubs', 'clubs'],
    ['card king diamonds', 'diamonds'],
  ],
  [
    'queen',
    '',
    ['chess queen', CHESS],
    ['card queen hearts', 'hearts'],
    ['card queen spades', 'spades'],
    ['card queen clubs', 'clubs'],
    ['card queen diamonds', 'diamonds'],
  ],
  [
    'ace',
    'card ace spades',
    ['card ace hearts', 'hearts'],
    ['card ace clubs', 'clubs'],
    ['card ace diamonds', 'diamonds'],
  ],
  ['knight', '', ['chess knight', CHESS]],
  ['rook', 'chess rook', ['crow', 'bird, birds, crow, raven, feathers, nest']],
  ['bishop', 'chess bishop', ['priest', 'church, cathedral, priest, holy, pope, robe']],
  [
    'tank',
    '',
    ['water tank', '=water, rain'],
    ['fuel tank', '=fuel, =gas, =petrol, =oil'],
    ['aquarium', 'fish, goldfish, aquarium'],
    ['scuba tanks', '=scuba, diver, diving, =oxygen'],
    [null, 'healer, dps'],
  ],
  [
    'shell',
    'seashell',
    ['turtle shell', 'turtle, tortoise, koopa'],
    ['artillery shell', 'artillery, cannon, tank, mortar, howitzer, =explosive'],
    [null, '=egg, =taco, =nut, =command'],
  ],
  [
    'scale',
    '',
    ['fish scales', 'fish, mermaid, dragon, snake, lizard, reptile, wyvern, serpent'],
    ['weight scale', 'bathroom, weighing'],
    ['kitchen scale', 'kitchen'],
    [null, 'music, musical'],
  ],
  ['nail', '', ['nail polish', 'polish, manicure, painted'], [null, 'finger, toe, fingers']],
  ['bass', 'guitar bass head', ['fish', 'fish, fishing, lake, river, sea']],
  ['key', '', ['keyboard', 'keyboard, computer, enter, escape, spacebar, typing'], ['piano keys', '=piano']],
  ['lock', '', [null, 'hair, curl, curls, blonde, canal']],
  [
    'fan',
    '',
    ['computer fan', 'electric, ceiling, computer, cpu, cooling, ventilation'],
    [null, 'football, sports, soccer, cheering, crowd, stadium'],
  ],
  [
    'match',
    'matchstick',
    [null, 'football, tennis, soccer, boxing, chess, basketball, sport, sports, wrestling, love'],
  ],
  [
    'plate',
    'fork and knife with plate',
    ['metal plate', '=iron, =steel, =metal, =copper, =bronze, =brass, =pressure'],
    ['armor', 'armor, armour, knight, warrior, chest, paladin'],
    [null, '=number, =license, =licence'],
  ],
  ['mail', '', ['chain mail', 'chain, armor, armour, knight, warrior, =ring, =scale, shirt']],
  [
    'arrow',
    '',
    ['arrow icon', 'button, ui, gui, navigation, menu, interface, direction, cursor, pointing, scroll bar'],
  ],
  [
    'gear',
    '',
    [
      'equipment',
      'adventurer, adventurers, warrior, armor, armour, soldier, camping, hiking, survival, battle, weapons',
    ],
  ],
  ['pick', '', ['lockpick', '=lock, thief, rogue'], ['hair pick', '=hair'], [null, 'guitar, =tooth']],
  [
    'pipe',
    '',
    [
      'smoking pipe',
      'tobacco, smoke, smoking, wizard, gandalf, hobbit, detective, sherlock, sailor, captain',
    ],
    ['pipe organ', 'organ, church, cathedral'],
    ['warp pipe', '=warp, mario'],
  ],
  ['plane', '', [null, '=astral, carpenter, carpentry, woodworking, geometry']],
  ['cap', '', ['bottle cap', 'bottle, beer, soda'], ['mushroom', 'mushroom, toadstool']],
  ['hood', '', [null, 'car, engine, truck, kitchen']],
  ['belt', '', [null, '=conveyor, =asteroid, =seat, =fan, =drive, factory']],
  ['cricket', '', ['cricket game', 'bat, ball, wicket, sport, player, stadium, match']],
  ['letter', '', [null, 'alphabet, font, capital, uppercase, lowercase, initial, typography, lettering']],
  [
    'block',
    'cube',
    ['defense', 'shield, parry, defend, guard, attack, sword'],
    ['stone block', '=stone, =rock'],
  ],
  ['log', '', ['journal', '=captain, =ship, diary, =quest, =data, =error, =combat']],
  [
    'mortar',
    'mortar',
    ['pestle mortar', 'pestle, herb, herbs, alchemy, alchemist, apothecary, spice, grinding, kitchen'],
  ],
  ['mount', '', ['mountain', 'everest, fuji, doom, olympus, peak, summit, snowy, volcano']],
  [
    'note',
    '',
    ['memo', 'paper, sticky, desk, written, reminder, pinned, ransom, secret, parchment, quest, handwritten'],
  ],
  [
    'nut',
    'peanuts',
    ['acorn', 'squirrel, chipmunk, oak, acorn'],
    ['hexagonal nut', 'bolt, bolts, screw, screws, wrench, spanner, hex, steel, iron, metal, machine'],
  ],
  ['punch', '', [null, '=fruit, =hole, =party, bowl, juice, drink']],
  [
    'ruler',
    'straight ruler',
    ['king', 'kingdom, throne, crown, king, queen, empire, realm, lord, evil, land, world'],
  ],
  ['spirit', '', ['booze', 'alcohol, whisky, whiskey, vodka, liquor, bar']],
  ['spirits', 'spirit', ['booze', 'alcohol, whisky, whiskey, vodka, liquor, bar, tavern, bottle']],
  [
    'staff',
    '',
    [
      'wizard staff',
      'wizard, mage, sorcerer, sorceress, witch, druid, shaman, warlock, necromancer, crystal, gem, orb, spell, priest, cleric, glowing, arcane',
    ],
    ['team', 'office, hotel, nurse, employees, medical, company, restaurant'],
    [null, 'music, musical, treble, clef'],
  ],
  ['star', '', [null, '=movie, =film, =pop, =rock, =football, =super, celebrity']],
  [
    'tree',
    '',
    ['skill', '=skill, =talent'],
    [null, '=tech, =technology, =family, =decision, =genealogy, =upgrade'],
  ],
  [
    'wave',
    '',
    ['wave hand', 'hand, hello, goodbye, greeting'],
    ['sound waves', '=sound, =radio'],
    [null, '=hair, =heat, =enemy'],
  ],
  ['web', '', ['internet', 'site, page, internet, browser, website, developer, designer']],
  ['pike', '', ['fish', 'fish, fishing, lake, river']],
  ['date', '', [null, 'fruit, palm, dried, dinner, romantic']],
  [
    'pin',
    '',
    ['bowling pin', 'bowling'],
    ['safety pin', '=safety'],
    ['badge', '=enamel, =lapel'],
    [null, '=hair'],
  ],
  [
    'party',
    '',
    [
      'party members',
      'adventurer, adventurers, hero, heroes, quest, warrior, wizard, healer, dungeon, raid, companions, fantasy, knight, knights, rpg',
    ],
  ],
  ['vessel', '', ['urn', '=glass, =clay, =water, =wine, =holy, =sacred, =ceramic, pottery']],
  ['volume', '', ['book', 'book, books, tome, encyclopedia, library, leather']],
  ['bank', '', [null, '=river, =fog, =food, =blood, =power']],
  [
    'bar',
    '',
    ['gold bar', 'gold, golden, ingot'],
    ['silver bar', 'silver, =platinum'],
    ['iron bar', 'iron, steel, copper, bronze, =metal'],
    ['chocolate bar', 'chocolate, candy'],
    ['soap', 'soap'],
    ['dungeon gate', '=prison, =cage, =jail'],
  ],
  [
    'bars',
    'bar',
    ['gold bar', 'gold, golden'],
    ['silver bar', 'silver'],
    ['iron bar', 'iron, steel, copper'],
    ['dungeon gate', '=prison, =cage, =jail'],
  ],
  [
    'glasses',
    '',
    ['wine glass', 'wine'],
    ['beer', 'beer, ale'],
    ['clinking glasses', 'champagne, toast, drink, drinks'],
  ],
  ['pen', '', ['fence', '=pig, =sheep, =animal, =cattle, =sheep, =horse, =chicken, farm']],
  [
    'tablet',
    'stone tablet',
    ['pill', 'medicine, pill, vitamin, aspirin'],
    ['wax tablet', '=wax'],
    [null, 'computer, touch, touchscreen, screen, digital, drawing'],
  ],
  [
    'pot',
    '',
    ['potted plant', 'flower, flowers, plant, plants, cactus'],
    ['urn', 'clay, ancient, greek, ceramic, pottery, ashes'],
    [null, 'leprechaun'],
  ],
  ['organ', 'heart organ', ['pipe organ', 'church, music, pipe, pipes, cathedral, instrument']],
  ['bulb', '', [null, 'tulip, flower, plant, garlic, onion, daffodil']],
  ['joker', '', ['card joker', 'card, cards, poker, deck, playing card']],
  ['stick', '', [null, '=hockey, =usb, =memory, =glue']],
  ['ray', null, ['manta ray', 'fish, sea, ocean, =sting, manta'], ['ray gun', 'gun, laser, alien, blaster']],
  [
    'chip',
    'token',
    ['microchip', 'computer, cpu, silicon, circuit, electronic'],
    ['fries', 'potato, fish, food, snack, bag'],
  ],
  ['chips', 'fries', ['microchip', 'computer, cpu, silicon, circuit'], ['token', 'poker, casino, gambling']],
];

const CHINESE: Row[] = [
  ['牌', '', ['木牌', '路, 指示, 招, 店, 门口, 木头'], ['mahjong red dragon', '麻将']],
  [
    '枪',
    '',
    ['长矛', '骑士, 骑兵, 古代, 武将, 红缨, 三国, 长, 盾, 盾牌, 武侠, 枪兵, 矛, 龙, 剑, 刀, 将军, 侠客'],
    ['水枪', '=水'],
  ],
  ['树', '', ['技能', '=技能, =天赋'], [null, '=升级']],
  ['车', '', [null, '象棋, 棋, 棋子'], ['马车', '马, 骏马, 驴, 牛']],
  ['马', '', ['chess knight', '象棋, 国际象棋, 棋子, 棋']],
  ['网', '', ['蜘蛛网', '蜘蛛'], ['网络', '互联, 电脑, 上网, 浏览器']],
  ['包', '', ['包子', '肉, 蒸, 早餐, 豆沙, 馅']],
  ['叉', '', ['叉子', '餐, 刀, 勺, 勺子, 吃, 牛排, 意面, 盘子'], ['草叉', '干草, 农夫, 农民, 农场']],
  ['针', '', ['注射器', '护士, 医生, 打, 注射, 疫苗'], [null, '松, 松树, 时钟, 钟, 手表, 指南']],
  ['钟', '', ['铃铛', '教堂, 寺庙, 寺, 庙, 敲, 铜, 古老, 和尚']],
  ['派', '', [null, '门, 武林, 帮, 武侠']],
  [
    '角',
    '',
    ['犄角', '恶魔, 鹿, 牛, 龙, 羊, 山羊, 独角兽, 兽, 怪兽, 魔鬼, 公牛'],
    ['rhinoceros horn', '犀牛'],
  ],
  ['火箭', '', ['火箭矢', '弓, 弓箭, 弓箭手, 射手, 攻城, 城墙, 古代']],
  ['喇叭', '', ['小号', '吹, 乐器, 铜管, 乐队, 演奏'], [null, '汽车, 车']],
  ['风车', '', ['纸风车', '玩具, 纸, 孩子, 小孩, 儿童, 手, 女孩, 男孩']],
  ['手柄', '', [null, '剑, 刀, 斧头, 斧, 锤子, 锅, 门, 匕首, 抽屉']],
  ['核', '', [null, '桃, 桃子, 果, 苹果, 水果, 细胞']],
  ['泰迪', '', ['泰迪熊', '玩具, 毛绒, 熊']],
  ['龙头', '', ['水龙头', '水, 厨房, 浴室, 洗手, 自来水, 水槽']],
  ['精灵', '', [null, '宝可梦, 口袋']],
  ['老板', '', ['首领', '关底, 最终, 副本, 怪物, 战斗']],
  ['线', '', [null, '直, 曲, 虚, 铁路, 电, 地平']],
  ['手掌', '', ['paw', '熊, 猫, 狗, 虎']],
];

const list = ([word, usual, ...others]: Row): [string, Senses] => [
  word,
  {
    usual: usual === '' ? undefined : usual,
    others: others.map(([name, cues]) => ({ name, cues: words(cues) })),
  },
];

export const SENSES: ReadonlyMap<string, Senses> = new Map([...ENGLISH, ...CHINESE].map(list));
