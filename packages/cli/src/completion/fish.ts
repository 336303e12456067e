import type { CompletionCommand, CompletionOption, Value } from './tree.ts';

export const fishScript = (
  tree: CompletionCommand[],
): string => `# fish completion of limner: limner completion fish | source
function __limner_at
    set -l at limner
    for word in (commandline -opc)[2..]
        switch "$at $word"
            case ${tree
              .slice(1)
              .map(({ path }) => quoted(path))
              .join(' ')}
                set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
${tree.flatMap(linesOf).join('\n')}
`;

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function linesOf({ path, commands, options, argument }: CompletionCommand): string[] {
  const at = `complete -c limner -n ${quoted(`__limner_at '${path}'`)}`;
  const takesFiles = argument?.kind === 'file' || argument?.kind === 'folder';
  return [
    ...(takesFiles ? [] : [`${at} -f`]),
    ...commands.map(({ name, description }) => `${at} -a ${quoted(name)} -d ${quoted(description)}`),
    ...(argument?.kind === 'words' ? [`${at} -a ${quoted(argument.words.join(' '))}`] : []),
    ...options.map((option) => `${at} ${flagsOf(option)} -d ${quoted(option.description)}`),
  ];
}

const flagsOf = ({ flags, value }: CompletionOption): string =>
  [
    ...flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)),
    ...(value === null ? [] : [valueIn(value)]),
  ].join(' ');

function valueIn(value: Value): string {
  if (value.kind === 'words') return `-x -a ${quoted(value.words.join(' '))}`;
  return { file: '-r -F', folder: "-x -a '(__fish_complete_directories)'", other: '-x' }[value.kind];
}
