/** Titles of resources and prompts, which hosts show to people, in the caller's language. */
import type { Language } from '@limner/contract';

interface Entry {
  title: string;
  description: string;
}

export interface Listed {
  families: Entry;
  styles: Entry;
  pictures: Entry;
  tasks: Entry;
  untitled(id: string): string;
}

export const LISTED: Record<Language, Listed> = {
  en: {
    families: { title: 'Model families', description: 'Families that are ready, with sizes and controls' },
    styles: { title: 'Styles', description: 'A style by its number' },
    pictures: {
      title: 'Pictures',
      description: 'A finished picture by its id (12_0), at most 1024 px on a side, and how it was made',
    },
    tasks: { title: 'Tasks', description: 'A task by its number: state, pictures, failures' },
    untitled: (id) => `Picture ${id}`,
  },
  zh: {
    families: { title: '模型系列', description: '可用的模型系列，含尺寸和控制类型' },
    styles: { title: '风格', description: '按编号读取风格' },
    pictures: {
      title: '图片',
      description: '按编号（如 12_0）读取完成的图片，边长不超过 1024 像素，并附生成方式',
    },
    tasks: { title: '任务', description: '按编号读取任务：状态、图片、失败原因' },
    untitled: (id) => `图片 ${id}`,
  },
};
