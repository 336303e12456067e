/** `limner layers`: saves the layers of a task's pictures, as a document for each picture. */
import { type Frame, LAYER_FORMATS, type LayerFormat, layersOf, type Task } from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { savePicture } from '../save.ts';

interface LayersOptions {
  format: LayerFormat;
  /** From 1, as people count. */
  picture?: number;
  out: string;
  json?: boolean;
}

export function addLayers(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.layers;
  program
    .command('layers')
    .description(help.layers)
    .argument('<task>', words.help.ids, wholeNumber(words, 'task', 1, Number.MAX_SAFE_INTEGER))
    .option('--format <format>', help.format, oneOf(words, '--format', LAYER_FORMATS), 'psd')
    .option('--picture <number>', help.picture, wholeNumber(words, '--picture', 1, 9_999))
    .option('-o, --out <folder>', words.help.out, '.')
    .option('--json', words.help.json)
    .action(async (task: number, options: LayersOptions) => done(await save(task, options, context)));
}

async function save(id: number, { format, picture, out, json }: LayersOptions, context: Context) {
  const { terminal } = context;
  await context.openFolder(out);
  return context.withServer(async (connection): Promise<ExitCode> => {
    const task = await connection.client.call('getTask', { params: { id } });
    const files: string[] = [];
    for (const frame of layered(task, picture, context)) {
      const path = await savePicture(documentOf(frame, format, connection, context), out);
      files.push(path);
      if (!json) terminal.out(path);
    }
    if (json) terminal.out(JSON.stringify(files, null, 2));
    return EXIT.ok;
  });
}

function layered({ id, frames }: Task, picture: number | undefined, { words }: Context): Frame[] {
  const asked = frames.filter(({ index }) => picture === undefined || index === picture - 1);
  const found = asked.filter(({ outputs }) => layersOf(outputs).length > 0);
  if (found.length === 0) throw new CliError(words.layers.none(id, picture), EXIT.usage);
  return found;
}

/** Of the server, under the picture's own name. */
function documentOf({ output }: Frame, format: LayerFormat, { url }: Connection, { language }: Context) {
  const path = `api/outputs/${output?.id}/layers/${format}?lang=${language}`;
  const fileName = `${output?.file_name.replace(/\.\w+$/, '')}.${format}`;
  return { url: new URL(path, url.endsWith('/') ? url : `${url}/`).href, fileName };
}
