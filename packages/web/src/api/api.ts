import { createClient } from '@limner/contract';
import { spokenLanguage } from '../i18n/i18n.ts';
import { BASE } from './base.ts';

/** The server of this page. */
export const api = createClient({ baseUrl: BASE, language: spokenLanguage });
