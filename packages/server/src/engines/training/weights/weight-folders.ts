/**
 * The weights on this machine that local trainers can take as files, in folders such as ComfyUI's `models`. Which file fits
 * is decided by its name, and then by its header where names mislead: `ae.safetensors` is the name of two autoencoders.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Bilingual, Missing } from '@limner/contract';
import { readHeader, type SafetensorsHeader } from '../../../loras/safetensors-header.ts';

export interface WeightFile {
  /** As its makers or ComfyUI name it. */
  usual: string;
  /** Of the file without its folder. */
  matches: RegExp;
  /** Below ComfyUI's base folder. */
  folder: string;
  /** The repository that has it. */
  source: string;
  licence: string;
  /** Why a file of that name cannot be taken; null: it can. */
  refusal?(header: SafetensorsHeader): Bilingual | null;
}

export type FoundWeights = { file: string } | { missing: Missing };

interface Listed {
  file: string;
  name: string;
  /** null: its header could not be read. */
  header: SafetensorsHeader | null;
}

/** ComfyUI's `models/diffusion_models/vendor/release/file`. */
const MAX_DEPTH = 4;
const MAX_FILES = 20_000;

export class WeightFolders {
  readonly #folders: readonly string[];
  #listed: Listed[] = [];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Reads the headers of files that some of these may be. Never fails. */
  async refresh(wanted: readonly WeightFile[]): Promise<void> {
    const files: string[] = [];
    for (const folder of this.#folders) await list(folder, MAX_DEPTH, files);
    const known = new Map(this.#listed.map((each) => [each.file, each]));
    const listed: Listed[] = [];
    for (const file of files.sort()) {
      const name = path.basename(file);
      if (!wanted.some((each) => fits(each, name))) continue;
      listed.push(known.get(file) ?? { file, name, header: await readHeader(file).catch(() => null) });
    }
    this.#listed = listed;
  }

  /** The file of the usual name first; `name`: the one that a request names, or empty. */
  find(wanted: WeightFile, name = ''): FoundWeights {
    const fitting = this.#listed.filter((each) => fits(wanted, each.name));
    const named = name === '' ? fitting : fitting.filter((each) => each.name === name);
    const usualFirst = [...named].sort((a, b) => Number(isUsual(wanted, b)) - Number(isUsual(wanted, a)));
    const refused: Missing[] = [];
    for (const { file, name: found, header } of usualFirst) {
      const reason = header ? (wanted.refusal?.(header) ?? null) : BROKEN;
      if (reason === null) return { file };
      refused.push(this.#missing(wanted, found, reason));
    }
    const [first] = refused;
    return { missing: first ?? this.#missing(wanted, name || wanted.usual, null) };
  }

  #missing({ usual, folder, source, licence }: WeightFile, name: string, reason: Bilingual | null): Missing {
    const from = { en: `${usual} from ${source}`, zh: `${source} 的 ${usual}` };
    const found = this.#folders.length > 0;
    const set = 'TRAIN_MODELS_DIRS';
    const cure: Bilingual = found
      ? {
          en: `Put ${from.en} into ${folder} of one of the folders in ${set}.`,
          zh: `请将 ${from.zh} 放入 ${set} 中某个文件夹的 ${folder}。`,
        }
      : {
          en: `Set ${set} to the folders of your model files, such as ComfyUI's models, and put ${from.en} there.`,
          zh: `请将 ${set} 设为模型文件所在的文件夹（例如 ComfyUI 的 models），并放入 ${from.zh}。`,
        };
    return {
      ...{ what: 'model_file', name, folder, source, licence },
      cure: reason ? { en: `${reason.en} ${cure.en}`, zh: `${reason.zh}${cure.zh}` } : cure,
    };
  }
}

const BROKEN: Bilingual = {
  en: 'The file is broken or not yet completely downloaded.',
  zh: '该文件已损坏或尚未下载完整。',
};

const fits = ({ usual, matches }: WeightFile, name: string): boolean => name === usual || matches.test(name);
const isUsual = ({ usual }: WeightFile, { name }: Listed): boolean => name === usual;

async function list(folder: string, depth: number, files: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (files.length >= MAX_FILES) return;
    const file = path.join(folder, entry.name);
    // Model files are often links to another disk.
    const isFolder = entry.isSymbolicLink()
      ? ((await stat(file).catch(() => null))?.isDirectory() ?? false)
      : entry.isDirectory();
    if (isFolder && depth > 0) await list(file, depth - 1, files);
    else if (!isFolder && /\.(safetensors|sft)$/i.test(entry.name)) files.push(file);
  }
}
