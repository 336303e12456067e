import { createClient } from '@limner/contract';
import { spokenLanguage } from '../i18n/i18n.ts';

/** The server of this page. */
export const api = createClient({ language: spokenLanguage });
