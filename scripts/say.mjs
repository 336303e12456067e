/** Sentences in the language of the shell, chosen as `localeLanguage` of the contract does: before anything is built. */
const { LC_ALL, LC_MESSAGES, LANG } = process.env;
const isChinese = /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '');

export const say = (en, zh) => (isChinese ? zh : en);
