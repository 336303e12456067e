/** `limner …`: one command line to one exit code. */
import { LANGUAGES } from '@limner/contract';
import { Command, CommanderError } from 'commander';
import { addAnimate } from './commands/animate.ts';
import { addBlobs } from './commands/blobs.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addDatasets } from './commands/datasets.ts';
import { addDb } from './commands/db.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEdit } from './commands/edit.ts';
import { addGenerate } from './commands/generate.ts';
import { addGrid } from './commands/grid.ts';
import { addImages } from './commands/images.ts';
import { addLayers } from './commands/layers.ts';
import { addMcp } from './commands/mcp.ts';
import { addModels } from './commands/models.ts';
import { addOpenApi } from './commands/openapi.ts';
import { addQueue } from './commands/queue.ts';
import { addRemoveBg } from './commands/remove-bg.ts';
import { addServe, addWorker } from './commands/serve.ts';
import { addStatus } from './commands/status.ts';
import { addStyles } from './commands/styles.ts';
import { addTasks } from './commands/tasks.ts';
import { addTrain } from './commands/train.ts';
import { addUpscale } from './commands/upscale.ts';
import { addVideo } from './commands/video.ts';
import { addWebhooks } from './commands/webhooks.ts';
import { addWildcards } from './commands/wildcards.ts';
import { addWorkflows } from './commands/workflows.ts';
import { createContext } from './context.ts';
import { EXIT, type ExitCode, exitCodeOfError } from './exit-code.ts';
import { helpIn } from './help.ts';
import { chooseLanguage } from './language.ts';
import { oneOf } from './options.ts';
import { sentenceOf } from './sentence.ts';
import type { Terminal } from './terminal.ts';

/** @returns the exit code; undefined while a server keeps running in this process. */
export async function run(argv: string[], terminal: Terminal): Promise<ExitCode | undefined> {
  const language = chooseLanguage(argv, terminal.env);
  const program = new Command('limner');
  const context = createContext(terminal, language, () => program.opts());
  const { words } = context;
  let exitCode: ExitCode | undefined;
  let complaint = '';
  const done = (code: ExitCode): void => {
    exitCode = code;
  };

  program
    .description(words.help.program)
    .option('--server <url>', words.help.server)
    .option('--lang <language>', words.help.lang, oneOf(words, '--lang', LANGUAGES))
    .addHelpText('after', `\n${words.help.exitCodes}`)
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => {
        complaint = text;
      },
    })
    .configureHelp(helpIn(words))
    .helpOption('-h, --help', words.help.help)
    .helpCommand('help [command]', words.help.help)
    .exitOverride();
  addServe(program, context);
  addWorker(program, context);
  addGenerate(program, context, done);
  addGrid(program, context, done);
  addEdit(program, context, done);
  addVideo(program, context, done);
  addAnimate(program, context, done);
  addRemoveBg(program, context, done);
  addUpscale(program, context, done);
  addModels(program, context, done);
  addDatasets(program, context, done);
  addStyles(program, context, done);
  addTrain(program, context, done);
  addTasks(program, context, done);
  addQueue(program, context, done);
  addImages(program, context, done);
  addLayers(program, context, done);
  addWildcards(program, context, done);
  addWorkflows(program, context, done);
  addWebhooks(program, context, done);
  addDb(program, context, done);
  addBlobs(program, context, done);
  addDoctor(program, context, done);
  addStatus(program, context, done);
  addConfig(program, context, done);
  addOpenApi(program, context, done);
  addMcp(program, context, done);
  addCompletion(program, context, done);

  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    if (error instanceof CommanderError && error.code === 'commander.help') {
      terminal.err.write(complaint);
      return EXIT.usage;
    }
    const stray = isExcess(error) ? strayWord(program, argv) : null;
    terminal.err.write(
      `${stray === null ? sentenceOf(error, language) : words.usage.unknownCommand(stray)}\n`,
    );
    return error instanceof CommanderError ? EXIT.usage : exitCodeOfError(error);
  }
}

const isExcess = (error: unknown): boolean =>
  error instanceof CommanderError && error.code === 'commander.excessArguments';

/** `workflows add` where there is no such command: to commander, `add` is an argument too many of the one that runs without a name. */
function strayWord(program: Command, argv: readonly string[]): string | null {
  let command = program;
  for (const word of argv) {
    const next = command.commands.find((each) => each.name() === word);
    if (!next)
      return command.commands.length > 0 && !word.startsWith('-') ? `${command.name()} ${word}` : null;
    command = next;
  }
  return null;
}
