/** Words for pictures, in both languages, and made-up prompts for the compose hand. */

/** For each concept: the words that mean it, the plainest first. */
export function wordsOfConcepts(library) {
  const words = library.concepts.map(({ en, zh, tags, zhTags }) => ({
    en: [en.toLowerCase().replace('’', "'")],
    zh: zh === '' ? [] : [zh],
    tags: tags.map((tag) => tag.toLowerCase()),
    zhTags,
    sure: false,
  }));
  for (const line of library.glossary) {
    const best = Math.max(...line.concepts.map(({ weight }) => weight));
    for (const { concept, weight } of line.concepts) {
      if (weight < best) continue;
      const own = words[concept];
      for (const word of line.words) {
        const list = /[\u3400-\u9fff]/.test(word) ? own.zh : own.en;
        if (!list.includes(word)) list.push(word);
      }
      own.sure = true;
    }
  }
  return words;
}

const COLOURS =
  'red 红色,orange 橙色,yellow 黄色,green 绿色,cyan 青色,blue 蓝色,purple 紫色,pink 粉色,brown 棕色,black 黑色,white 白色,gray 灰色,golden 金色,silver 银色'
    .split(',')
    .map((pair) => pair.split(' '));
const STYLES =
  'flat style/扁平风格,3d/立体,line art/线稿,pixel art/像素风,silhouette/剪影,sticker/贴纸,neon/霓虹,watercolor/水彩,paper cut/剪纸'
    .split(',')
    .map((pair) => pair.split('/'));
const MATERIALS = 'iron/铁,wooden/木制,stone/石头,ice/寒冰,crystal/水晶,bone/骨制'
  .split(',')
  .map((pair) => pair.split('/'));
const COUNTS = [
  ['two', '两个'],
  ['three', '三个'],
];

/** Prompts as people type them; `plain` is the same without the words for colour, style and ground. */
export function captionMaker(concepts, library, seed) {
  const next = splitmix(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const chance = (share) => next() < share;
  const emoji = concepts.filter((_, id) => library.concepts[id].zh !== '');
  const sure = concepts.filter(({ sure }) => sure);
  const nameIn = (language, concept) => {
    const list = concept[language].length > 0 ? concept[language] : concept.en;
    return chance(0.6) ? list[0] : pick(list);
  };
  const thing = (language) => nameIn(language, chance(0.55) ? pick(sure) : pick(emoji));
  const make = { en: english, zh: chinese };

  function english() {
    const name = thing('en');
    if (chance(0.12)) {
      const other = thing('en');
      return {
        plain: `${name} and ${other}`,
        text: `${chance(0.4) ? `${pick(COLOURS)[0]} ` : ''}${name} and ${other}`,
      };
    }
    let text = name;
    if (chance(0.55)) text = `${chance(0.85) ? pick(COLOURS)[0] : pick(MATERIALS)[0]} ${text}`;
    const before = chance(0.06) ? pick(COUNTS)[0] : chance(0.06) ? 'small' : chance(0.1) ? 'a' : '';
    text = `${before} ${text}`.trim();
    if (chance(0.3)) text = `${text}, ${pick(STYLES)[0]}`;
    if (chance(0.16)) text = `${text} on a ${pick(COLOURS)[0]} background`;
    return { plain: name, text };
  }

  function chinese() {
    const name = thing('zh');
    if (chance(0.12)) {
      const other = thing('zh');
      return {
        plain: `${name}和${other}`,
        text: `${chance(0.4) ? `${pick(COLOURS)[1]}的` : ''}${name}和${other}`,
      };
    }
    let text = name;
    if (chance(0.55))
      text = chance(0.85)
        ? `${pick(COLOURS)[1]}${chance(0.6) ? '的' : ''}${text}`
        : `${pick(MATERIALS)[1]}${text}`;
    const before = chance(0.06) ? pick(COUNTS)[1] : chance(0.06) ? '小' : '';
    text = `${before}${text}`;
    if (chance(0.3)) text = `${text}，${pick(STYLES)[1]}`;
    if (chance(0.16)) text = `${text}，${pick(COLOURS)[1]}背景`;
    return { plain: name, text };
  }

  return () => make[chance(0.42) ? 'zh' : 'en']();
}

function splitmix(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 0x100000000;
  };
}
