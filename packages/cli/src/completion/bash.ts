import type { CompletionCommand, Value } from './tree.ts';

/** `complete -o default` falls back to files where this finds nothing. */
export const bashScript = (
  tree: CompletionCommand[],
): string => `# bash completion of limner: source <(limner completion bash)
_limner() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at=limner i
  # bash splits --kind=edit into three words.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${tree
        .slice(1)
        .map(({ path }) => quoted(path))
        .join('|')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$at $prev" in
${tree.flatMap(valueCases).join('\n')}
  esac
  local words=
  if [[ $cur == -* ]]; then
    case "$at" in
${tree
  .map(({ path, options }) =>
    wordCase(
      path,
      options.flatMap(({ flags }) => flags),
    ),
  )
  .join('\n')}
    esac
  else
    case "$at" in
${tree.map((command) => wordCase(command.path, wordsOf(command))).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _limner limner
`;

const quoted = (text: string): string => `'${text}'`;

const wordCase = (path: string, words: readonly string[]): string =>
  `      ${quoted(path)}) words='${words.join(' ')}' ;;`;

const wordsOf = ({ commands, argument }: CompletionCommand): readonly string[] =>
  argument?.kind === 'words' ? argument.words : commands.map(({ name }) => name);

const valueCases = ({ path, options }: CompletionCommand): string[] =>
  options.flatMap(({ flags, value }) =>
    value === null
      ? []
      : [`    ${flags.map((flag) => quoted(`${path} ${flag}`)).join('|')}) ${replyOf(value)}return ;;`],
  );

function replyOf(value: Value): string {
  if (value.kind === 'words') return `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$cur")); `;
  return value.kind === 'folder' ? 'COMPREPLY=($(compgen -d -- "$cur")); ' : '';
}
