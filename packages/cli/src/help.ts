/** The headings of the help in the chosen language, because commander has only English. */
import type { Argument, Command, HelpConfiguration } from 'commander';
import type { Words } from './words.ts';

export const helpIn = ({ help }: Words): HelpConfiguration => ({
  styleTitle: (title) => help.titles[title] ?? title,
  optionDescription: ({ description, defaultValue }) =>
    defaultValue === undefined ? description : `${description} ${help.byDefault(String(defaultValue))}`,
  commandUsage: (command) =>
    `${pathOf(command)}${help.usage(command.options.length > 0, command.commands.length > 0)}${argumentsOf(command)}`,
  subcommandTerm: (command) => `${command.name()}${argumentsOf(command)}`,
});

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

const argumentsOf = ({ registeredArguments }: Command): string =>
  registeredArguments.map((argument) => ` ${shown(argument)}`).join('');

function shown(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
