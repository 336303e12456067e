import { LANGUAGES, type Language, localeLanguage } from '@limner/contract';

/** `--lang` wins, then what the shell is set to. */
export function chooseLanguage(argv: string[], env: Record<string, string | undefined>): Language {
  return askedFor(argv) ?? localeLanguage(env);
}

/** Read before the options are parsed, because help and complaints about options are told in it too. */
function askedFor(argv: string[]): Language | undefined {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const value = argv[at]?.split('=')[1] ?? argv[at + 1];
  return at < 0 ? undefined : LANGUAGES.find((language) => language === value);
}
