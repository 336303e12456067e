import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type Frame,
  GRID_AXES,
  type Grid,
  type GridInput,
  MAX_SHEET_CELL_PX,
  MIN_SHEET_CELL_PX,
  type Task,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { together } from '../each-picture.ts';
import { gridRequest } from '../each-prompt.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { follow } from '../follow.ts';
import { wholeNumber } from '../options.ts';
import { Progress } from '../progress.ts';
import { saveOutput, savePicture } from '../save.ts';
import type { Words } from '../words.ts';
import { exitCodeOfTask, printOutcome } from '../work.ts';
import { addPaintOptions, assertPaintOptions, type PaintOptions, requestOf } from './generate.ts';

const SHEET = 'sheet.png';

type Axis = { field: string; values: string };

/** What becomes of a grid's sheet and pictures. */
export interface SheetOptions {
  out: string;
  cell?: number;
  /** Folder for the pictures of the cells. */
  pictures?: string;
  wait: boolean;
  json?: boolean;
}

interface GridOptions extends PaintOptions, SheetOptions, Partial<Record<(typeof GRID_AXES)[number], Axis>> {
  out: string;
  wait: boolean;
  json?: boolean;
}

export function addGrid(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.grid;
  const command = program.command('grid').description(help.grid).argument('<prompt>', words.help.prompt);
  for (const name of GRID_AXES) command.option(`--${name} <axis>`, help.axis(name), axis(words, `--${name}`));
  addPaintOptions(command, context)
    .option('-o, --out <file>', help.out, SHEET)
    .option('--cell <px>', help.cell, wholeNumber(words, '--cell', MIN_SHEET_CELL_PX, MAX_SHEET_CELL_PX))
    .option('--pictures <folder>', help.pictures)
    .option('--no-wait', help.noWait)
    .option('--json', words.help.json)
    .action(async (prompt: string, options: GridOptions) => done(await grid(prompt, options, context)));
}

const axis =
  (words: Words, name: string) =>
  (text: string): Axis => {
    const [, field = '', values = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (field.trim() === '') throw new CliError(words.usage.axis(name), EXIT.usage);
    return { field: field.trim(), values };
  };

/** A folder takes the sheet under its usual name. A name without an ending gets one, since programs open files by it. */
export async function sheetFile(out: string): Promise<string> {
  const isFolder = /[\\/]$/.test(out) || (await stat(out).catch(() => null))?.isDirectory();
  if (isFolder) return path.join(out, SHEET);
  return path.extname(out) === '' ? `${out}.png` : out;
}

async function grid(prompt: string, given: GridOptions, context: Context): Promise<ExitCode> {
  const { words } = context;
  const options = { ...given, out: await sheetFile(given.out) };
  const { x, y, z } = options;
  if (!x && !y && !z) throw new CliError(words.usage.noAxis(), EXIT.usage);
  await assertPaintOptions(options, words);
  for (const folder of [path.dirname(options.out), options.pictures])
    if (options.wait && folder !== undefined) await context.openFolder(folder);
  const work = async (connection: Connection): Promise<ExitCode> => {
    const request = await requestOf(prompt, options, connection, context);
    const axes: GridInput['axes'] = { ...(x && { x }), ...(y && { y }), ...(z && { z }) };
    const made = await connection.client.call('createGrid', { body: gridRequest(request, axes) });
    return options.wait ? finishGrid(made, options, context, connection) : leave(made, options, context);
  };
  return context.withServer(work, { mayStart: options.wait });
}

export function leave(
  made: Grid,
  { json }: Pick<SheetOptions, 'json'>,
  { terminal, words }: Context,
): ExitCode {
  terminal.out(json ? JSON.stringify(made, null, 2) : String(made.id));
  terminal.err.write(`${words.grid.left(made.id)}\n`);
  return EXIT.ok;
}

/** Waits for every task, interrupted or not, and saves the sheet of what there is. */
export async function finishGrid(
  { id, cells }: Grid,
  { out, cell, json, pictures }: SheetOptions,
  context: Context,
  { client, url }: Connection,
): Promise<ExitCode> {
  const { words, language, terminal } = context;
  const progress = new Progress(terminal);
  progress.say(words.grid.made(id, cells.length));
  const codes: ExitCode[] = [];
  const files: string[] = [];
  const onPicture = async (_task: Task, { outputs }: Frame): Promise<void> => {
    if (pictures === undefined) return;
    for (const output of outputs) {
      const saved = await saveOutput(output, url, pictures);
      files.push(saved);
      progress.clear();
      if (!json) terminal.out(saved);
    }
  };
  for (const [index, { task_id }] of cells.entries()) {
    const label = () => words.grid.done(index, cells.length);
    const task = await follow(task_id, {
      client,
      words,
      progress,
      terminal,
      label,
      onPicture,
    });
    printOutcome(task, context, progress);
    codes.push(exitCodeOfTask(task, terminal.interrupted));
  }
  const query = new URLSearchParams({
    lang: language,
    ...(cell === undefined ? {} : { cell: String(cell) }),
  });
  const sheet = new URL(`api/grids/${id}/sheet?${query}`, url.endsWith('/') ? url : `${url}/`).href;
  const file = await savePicture({ url: sheet, fileName: path.basename(out) }, path.dirname(out));
  const ended = await client.call('getGrid', { params: { id } });
  terminal.out(
    json ? JSON.stringify({ ...ended, file, ...(pictures === undefined ? {} : { files }) }, null, 2) : file,
  );
  return together(codes);
}
