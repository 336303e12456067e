/** A ControlNet that holds a painted tile to the picture below it. */
import type { GraphBuilder, Link } from '../graph.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import { chosenFile } from './files.ts';
import type { FileRule } from './model.ts';

export interface TileControl {
  file(info: ServerInfo): string;
  load(b: GraphBuilder, info: ServerInfo): Link;
}

export const loadControlNet = (b: GraphBuilder, title: string, control_net_name: string): Link =>
  b.add('ControlNetLoader', title, { control_net_name }).out();

/** One that does nothing else. */
export function tileControl(rule: FileRule): TileControl {
  const file = (info: ServerInfo) => chosenFile(rule, modelsOf(info, 'controlnet'), info);
  return { file, load: (b, info) => loadControlNet(b, 'tile control', file(info)) };
}
