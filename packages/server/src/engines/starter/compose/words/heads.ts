/**
 * Nouns that are not things: the kind of the thing, the kind of picture, the view. Beside another noun they are
 * ignored; alone, a kind is a thing.
 */
import { words } from './word-list.ts';

/** `slime monster`, `robot enemy`, `inventory icon`, 骑士角色. */
export const KINDS = words(
  'character, characters, creature, creatures, monster, monsters, beast, enemy, enemies, boss, mob, mobs, npc, npcs, hero unit, unit, minion, figure, figurine, person, human, avatar, portrait, player, mascot, being',
  'item, items, object, objects, thing, things, prop, props, inventory, inventory item, inventory icon, equipment, gear piece, loot item, pickup, collectible, collectable, powerup, power-up, resource, material, entity, subject, element',
  'emblem design, symbol icon, pictogram, glyph, ui, gui, hud, ui element, ui icon, interface, app, graphic, graphics, vector, vectors, svg, png, image file, thumbnail',
  '角色, 人物, 怪物, 怪, 怪兽, 魔物, 生物, 敌人, 敌军, 首领, 小怪, 头像, 立绘, 形象, 吉祥物, 物品, 道具, 物件, 东西, 装备图标, 背包图标, 物品图标, 道具图标, 技能图标, 材料, 资源, 界面, 元素, 矢量, 矢量图, 单位',
);

/** A creature as a kind: before another noun it is reported as not drawn. */
export const CREATURE_KINDS = words(
  'creature, creatures, monster, monsters, beast, enemy, enemies, boss, hero unit, minion, person, human, player, 怪物, 怪, 怪兽, 魔物, 生物, 敌人, 敌军, 首领',
);

/** Views that no drawing of the library has: reported as not drawn. */
export const FORMATS = words(
  'full body, full-body, half body, half-body, upper body, whole body, body shot, full length, bust shot, headshot, close-up, close up, closeup, wide shot, wide angle, action pose, dynamic pose, pose, t-pose, turnaround, expressions',
  'side view, front view, back view, rear view, top view, side-view, front-view, back-view, top-view, side on, top-down, top down, topdown, top-down view, top down view, birds eye view, bird’s eye view, overhead, overhead view, three-quarter view, 3/4 view, isometric view, isometric, perspective, side scroller, side-scroller, sidescroller, first person, third person, profile view, from above, from below, from behind, from the side',
  'high poly, voxel, voxel art, photorealistic, photo realistic, realistic, realism, hyperrealistic, oil painting, anime, manga, chibi, ukiyo-e, impressionist, stained glass, embroidery, hand drawn, hand-drawn, hand painted, hand-painted, painterly, concept art, splash art, key art, box art, cover art, line weight, cel shaded, cel-shaded, cel shading, unreal engine, octane render, ray tracing, volumetric lighting, cinematic lighting, rim light, depth of field, bokeh, motion blur',
  'walk cycle, run cycle, walking cycle, running cycle, attack cycle, idle animation, attack animation, walk animation, run animation, death animation, animation, animated, animation frames, frames, keyframes, cycle, walk, run, idle, sprite sheet, spritesheet, sprite-sheet, sprite strip, sprite atlas, texture atlas, atlas, sheet, character sheet, model sheet, reference sheet, expression sheet, contact sheet, icon set, icon pack, icon sheet, tileset, tile set, tile map, tilemap, set of icons, sheet of',
  'tile, tiles, tileable, seamless, seamless pattern, seamless texture, seamless tile, repeating, texture, textures, texture map, pattern, patterns, normal map, heightmap, height map, skybox, parallax, wallpaper, panorama, loading screen, title screen, menu screen, poster, banner ad, scene, scenery, landscape, environment, setting scene, background scene, level design, diorama, interior',
  'pbr, subsurface scattering, masterpiece lighting, symmetrical, symmetry, centered, centred, composition, no text, no watermark, no shadow, drop shadow, white outline, thick outline, thin outline, thick lines, bold lines, black outline, transparent png, frame border',
  '全身, 半身, 特写, 侧视, 侧视图, 侧面, 正面, 背面, 正视图, 俯视, 俯视图, 顶视图, 俯视角, 鸟瞰, 透视, 等距, 等轴, 视角, 体素, 写实, 照片级, 油画, 动漫, 日漫, 二次元, q版, 手绘, 手绘风, 手绘风格, 厚涂, 赛璐璐, 概念图, 原画, 行走动画, 走路动画, 跑步动画, 待机动画, 攻击动画, 动画, 动画帧, 帧动画, 序列帧, 精灵图, 精灵表, 图集, 图标集, 三视图, 瓦片, 瓷砖, 地块, 无缝, 无缝贴图, 无缝纹理, 可平铺, 平铺, 纹理, 贴图, 贴图材质, 材质贴图, 花纹, 图样, 壁纸, 场景, 风景, 海报, 环境, 室内, 景深, 光影, 对称, 居中',
);

/** With one of these, a word with a texture is drawn as a texture over the whole picture. */
export const TEXTURE_HEADS = words(
  'tile, tiles, tileable, seamless, seamless pattern, seamless texture, seamless tile, repeating, texture, textures, pattern, tileset, tile set, 瓦片, 瓷砖, 地块, 无缝, 无缝贴图, 无缝纹理, 可平铺, 平铺, 纹理, 贴图, 贴图材质, 材质贴图',
);

/** Parts of a thing named before: `with red eyes`, `in the hilt`. A part is drawn only where a drawing has it. */
export const PARTS = words(
  'eye, eyes, hilt, handle, grip, pommel, guard, crossguard, blade, edge, tip, shaft, string, bowstring, head, heads, face, faces, body, bodies, hair, beard, moustache, mustache, mouth, lips, nose, ear, ears, tooth, teeth, fang, fangs, tongue, neck, arm, arms, hand, hands, finger, fingers, claw, claws, paw, paws, leg, legs, foot, feet, tail, tails, wing, wings, horn, horns, antlers, skin, fur, scales, feather, feathers, shell, back, chest plate, belly, shoulder, shoulders, muscle, muscles, lid, cap, cork, label, buckle, strap, straps, laces, sole, rim, border, corner, corners, surface, details, outline, shadow, reflection, glow, aura, sparkle, sparkles, smile, grin, expression, window, windows, door, doors, roof, chimney, branch, branches, root, roots, engraving, engravings, ornament, ornaments, decoration, decorations, trim, inscription',
  '眼睛, 眼, 眼眸, 剑柄, 刀柄, 柄, 把手, 手柄, 剑刃, 刀刃, 剑身, 头, 头部, 脸, 身体, 头发, 胡子, 嘴, 嘴巴, 鼻子, 耳朵, 牙齿, 獠牙, 舌头, 脖子, 手, 手臂, 胳膊, 爪子, 腿, 脚, 尾巴, 翅膀, 角, 皮肤, 毛, 毛发, 鳞片, 羽毛, 外壳, 背, 肩膀, 盖子, 瓶塞, 标签, 带扣, 鞋带, 边框, 表面, 细节, 阴影, 倒影, 光环, 光晕, 微笑, 表情, 窗户, 门, 屋顶, 烟囱, 树枝, 树根, 雕刻, 花纹装饰, 装饰',
);

/** A number after one of these is a level or a rank, not a count. */
export const LEVELS = words(
  'level, lvl, lv, rank, tier, stage, grade, class, mark, mk, version, ver, chapter, part, wave, floor, phase, episode, vol, volume, no, nr, number, size, age, aged, season, year, type, series, model, generation, gen, step, layer, 等级, 级别, 级, 阶, 第, 版本, 编号, 型号, 阶段, 关卡',
);
