/** A refusal as a page. Who opens Limner under a wrong name, or through a misconfigured proxy, reads what to change. */
import type { Bilingual, ErrorCode, Language, StudioError } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapedHtml } from './escaped-html.ts';

/** Refusals in place of the web app, which has its own words for all others. */
const IN_PLACE_OF_APP = new Set<ErrorCode>(['host_refused', 'host_missing', 'origin_refused']);

const HINT: Bilingual = {
  en: 'After a change, start Limner or the proxy again. Examples for nginx, Caddy and Traefik are in docs/proxy.md.',
  zh: '修改后请重启画匠或代理。nginx、Caddy 和 Traefik 的示例见 docs/proxy.zh-CN.md。',
};
const TITLE: Bilingual = { en: 'Limner refused this request', zh: '画匠拒绝了此请求' };
/** A name that ALLOWED_HOSTS takes. */
const HOST_NAME = /^([\w.-]+)(?::\d+)?$/;

export const isRefusedPage = ({ method, headers }: FastifyRequest, { code }: StudioError): boolean =>
  method === 'GET' && IN_PLACE_OF_APP.has(code) && (headers.accept ?? '').includes('text/html');

export function sendRefusalPage(reply: FastifyReply, error: StudioError, language: Language): void {
  reply
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    )
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8')
    .send(page(error, language));
}

function page(error: StudioError, language: Language): string {
  const name = error.code === 'host_refused' ? HOST_NAME.exec(String(error.data.host))?.[1] : undefined;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${TITLE[language]}</title>
<style>body{max-width:40rem;margin:15vh auto;padding:0 1.5rem;font:16px/1.6 system-ui,sans-serif}</style>
</head>
<body>
<h1>${TITLE[language]}</h1>
<p>${escapedHtml(error.body(language).message)}</p>
${name === undefined ? '' : `<pre>ALLOWED_HOSTS=${escapedHtml(name)}</pre>\n`}<p>${HINT[language]}</p>
</body>
</html>
`;
}
