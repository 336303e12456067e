import type { CompletionCommand, Value } from './tree.ts';

export const zshScript = (tree: CompletionCommand[]): string => `#compdef limner
# zsh completion of limner: source <(limner completion zsh), or save it as _limner in a folder of $fpath
_limner() {
  local at=limner i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      ${tree
        .slice(1)
        .map(({ path }) => `(${quoted(path)})`)
        .join('|')}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${tree.flatMap(valueCases).join('\n')}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    case "$at" in
${tree.map(({ path, options }) => itemsCase(path, options.flatMap(optionItems))).join('\n')}
    esac
    _describe -o option items
    return
  fi
  case "$at" in
${tree.map((command) => itemsCase(command.path, itemsOf(command))).join('\n')}
  esac
  if (( \${#items} )); then _describe command items; else _files; fi
}
if [[ "\${funcstack[1]}" == _limner ]]; then _limner "$@"; else compdef _limner limner; fi
`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** In an item a colon ends the name. */
const item = (name: string, description: string): string => quoted(`${name}:${description}`);

const optionItems = ({ flags, description }: CompletionCommand['options'][number]): string[] =>
  flags.map((flag) => item(flag, description));

const itemsOf = ({ commands, argument }: CompletionCommand): string[] =>
  argument?.kind === 'words'
    ? argument.words.map(quoted)
    : commands.map(({ name, description }) => item(name, description));

const itemsCase = (path: string, items: string[]): string =>
  `    ${quoted(path)}) items=(${items.join(' ')}) ;;`;

const valueCases = ({ path, options }: CompletionCommand): string[] =>
  options.flatMap(({ flags, value }) =>
    value === null
      ? []
      : [
          `    ${flags.map((flag) => `(${quoted(`${path} ${flag}`)})`).join('|')}) ${replyOf(value)}; return ;;`,
        ],
  );

function replyOf(value: Value): string {
  if (value.kind === 'words') return `compadd -- ${value.words.map(quoted).join(' ')}`;
  return { file: '_files', folder: '_files -/', other: ':' }[value.kind];
}
