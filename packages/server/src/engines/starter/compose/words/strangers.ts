/**
 * Words that the library does not have, but whose parts it has: a nightclub is no club, 冰箱 is neither ice nor a box.
 * They are named as missing instead of being drawn as one of their parts.
 */
import { words } from './word-list.ts';

export const STRANGERS = words(
  'nightclub, golfclub, barbell, pigpen, bullpen, playpen, toolbar, sidebar, sandbar, kingpin, toothpick, icepick, wheelchair, seatbelt, footstool, barstool, wormwood, dogwood, foxglove, buttercup, friendship, township, lawsuit, windowsill, safeguard, battlestar, cupboard, clotheshorse, bookworm, spiderman',
  '马路, 马甲, 马达, 马力, 虎牙, 天牛, 龙舟, 龙眼, 龙袍, 火龙果, 铁树, 雪茄, 花椒, 月季, 铃兰, 水仙, 鸡冠花, 狗尾草, 灯笼果, 蛇皮果, 木耳, 果冻, 包菜, 肉松, 油条, 米粉, 熊掌',
  '木星, 水星, 火星, 金星, 海王星, 天王星, 火星人, 春天, 冰箱, 茶几, 电风扇, 电线杆, 电视塔, 窗帘, 门把手, 脚手架, 桥墩, 牌坊, 牌匾, 日晷, 水车, 铲车, 车厢, 云梯, 网吧, 钟乳石, 沙袋, 木鱼, 木偶, 皮球, 画板, 琴键',
  '眼罩, 旗袍, 雨衣, 羊毛衫, 胸针, 手铐, 锁骨, 酒窝, 心电图, 锯齿, 老虎钳, 狼毫, 火药, 鼓手, 枪手, 水手, 伞兵, 剪刀手, 兵马俑, 狐狸精, 乌鸦嘴, 蜂王, 家谱, 家谱树, 族谱, 科技树, 剑龙, 锤头鲨, 海鸥, 皮卡丘, 表情包, 角落',
);
