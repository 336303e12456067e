/** What each command accepts, read from the commander tree, for the scripts of all shells. */
import type { Argument, Command, Option } from 'commander';

/** What is completed where a value is expected. */
export type Value = { kind: 'words'; words: readonly string[] } | { kind: 'file' | 'folder' | 'other' };

export interface CompletionOption {
  /** `-o` and `--out`. */
  flags: string[];
  description: string;
  /** null: a switch. */
  value: Value | null;
}

export interface CompletionCommand {
  /** `limner tasks list` */
  path: string;
  commands: { name: string; description: string }[];
  options: CompletionOption[];
  /** Of its arguments; null: it has none. */
  argument: Value | null;
}

/** The program first, each command before its subcommands. */
export function completionTree(program: Command): CompletionCommand[] {
  const shared = program.options.map(optionOf);
  const help = {
    flags: ['-h', '--help'],
    description: program.createHelp().optionDescription(helpOf(program)),
  };
  const of = (command: Command, path: string): CompletionCommand[] => {
    const commands = command.commands.map((each) => ({ name: each.name(), description: each.description() }));
    const own = command === program ? [] : command.options.map(optionOf);
    const options = [...own, ...shared, { ...help, value: null }];
    const argument = command.registeredArguments[0];
    const node = { path, commands, options, argument: argument ? valueIn(argument, argument.name()) : null };
    return [node, ...command.commands.flatMap((each) => of(each, `${path} ${each.name()}`))];
  };
  return of(program, program.name());
}

/** Commander adds it itself, and lists it only in the help. */
function helpOf(program: Command): Option {
  const shown = program.createHelp().visibleOptions(program);
  const help = shown.find(({ long }) => long === '--help');
  if (!help) throw new Error('the program has no --help');
  return help;
}

function optionOf(option: Option): CompletionOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const placeholder = /<(.*)>/.exec(option.flags)?.[1];
  const value = placeholder === undefined ? null : valueIn(option, placeholder);
  return { flags, description: option.description, value };
}

function valueIn({ parseArg }: Pick<Option | Argument, 'parseArg'>, placeholder: string): Value {
  const words = (parseArg as { allowed?: readonly string[] } | undefined)?.allowed;
  if (words) return { kind: 'words', words };
  if (placeholder === 'folder') return { kind: 'folder' };
  return { kind: placeholder === 'file' || placeholder === 'picture' ? 'file' : 'other' };
}
