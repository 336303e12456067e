/** The server of this page, for large files: it says how much of one is sent, which only `XMLHttpRequest` knows. */
import { createClient } from '@limner/contract';
import { spokenLanguage } from '../i18n/i18n.ts';
import { BASE } from './base.ts';

/** `onSent` gets the share, 0…1; after 1 the server works on the file. */
export const apiTellingSent = (onSent: (share: number) => void) =>
  createClient({
    baseUrl: BASE,
    language: spokenLanguage,
    fetch: (input, init = {}) => sent(String(input), init, onSent),
  });

/** As `fetch`, for answers that are read whole. @throws TypeError without an answer */
function sent(url: string, init: RequestInit, onSent: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const failed = () => reject(new TypeError('The request failed.'));
    request.open(init.method ?? 'GET', url);
    for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) onSent(loaded / total);
    };
    request.onload = () => resolve(answerOf(request));
    request.onerror = failed;
    request.onabort = failed;
    init.signal?.addEventListener('abort', () => request.abort());
    request.send(init.body as XMLHttpRequestBodyInit | null);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const { status, responseText } = request;
  const type = request.getResponseHeader('content-type') ?? 'text/plain';
  return new Response(status === 204 ? null : responseText, { status, headers: { 'content-type': type } });
}
