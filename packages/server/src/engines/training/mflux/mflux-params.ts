/** Fields of mflux. Its makers publish no figures of memory, so there are no presets. */
import type { TrainerParam } from '@limner/contract';
import { familyParam, resolutionParam, usualParams } from '../program/usual-params.ts';
import { batchParam, choiceParam, sampleEveryParam, saveEveryParam } from '../program-params.ts';
import { MFLUX_MODELS } from './mflux-models.ts';

export const MFLUX_PARAMS: TrainerParam[] = [
  ...usualParams({
    steps: {
      hint: {
        en: 'The length of the training: 1000 to 2000 for 20 pictures. It is rounded up to whole rounds over all pictures.',
        zh: '训练时长：20 张图约 1000 到 2000 步。会向上取整为遍历全部图片的整数轮。',
      },
    },
  }),
  {
    ...familyParam(MFLUX_MODELS.map(({ id, label }) => ({ value: id, label: { en: label, zh: label } }))),
    key: 'model',
  },
  resolutionParam([512, 768, 1024], {
    en: 'Pictures are reduced to the area of this square; for FLUX.1 they are stretched to it. More takes more memory and time.',
    zh: '图片会缩小到该边长正方形的面积以内；FLUX.1 会拉伸为该正方形。越大越占内存、越慢。',
  }),
  choiceParam(
    {
      key: 'quantize',
      label: { en: 'Bits of the model', zh: '模型位数' },
      hint: {
        en: 'Fewer take less memory while it trains; the result may be slightly coarser.',
        zh: '位数越少，训练时占用的内存越少，效果可能略粗糙。',
      },
    },
    [
      { value: '8', en: '8', zh: '8' },
      { value: '4', en: '4', zh: '4' },
      { value: 'none', en: '16 (all)', zh: '16（完整）' },
    ],
    '8',
  ),
  {
    key: 'low_ram',
    type: 'switch',
    folded: true,
    label: { en: 'Save memory', zh: '节省内存' },
    hint: {
      en: 'Keeps encoded pictures on the disk and encodes in tiles. FLUX.1 ignores it.',
      zh: '编码后的图片存放在磁盘，并分块编码。FLUX.1 忽略此项。',
    },
    default: true,
  },
  batchParam,
  saveEveryParam(),
  sampleEveryParam(0),
];
