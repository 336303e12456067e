import { createClient } from '@limner/contract';
import { spokenLanguage } from '../i18n/i18n.ts';

/** The server this page came from. */
export const api = createClient({ language: spokenLanguage });
