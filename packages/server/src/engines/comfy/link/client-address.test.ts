import { describe, expect, it } from 'vitest';
import { readAddress, serverAt } from './client-address.ts';

describe('an address', () => {
  it('keeps its base path, for HTTP and for the socket', () => {
    const address = readAddress({ url: 'https://studio.example/comfy/' });
    expect(address.http('/queue')).toBe('https://studio.example/comfy/queue');
    expect(address.socket('me')).toBe('wss://studio.example/comfy/ws?clientId=me');
  });

  it('sends its token with every request and shows it nowhere', () => {
    const address = readAddress({ url: 'http://box:8188/?token=a%26b' });
    expect(address.http('/view', { filename: 'a b.png' })).toBe(
      'http://box:8188/view?token=a%26b&filename=a+b.png',
    );
    expect(address.socket('me')).toBe('ws://box:8188/ws?token=a%26b&clientId=me');
    expect(address.shown).toBe('http://box:8188');
  });

  it.each([
    ['http://ada:p%40ss@box', undefined, `Basic ${Buffer.from('ada:p@ss').toString('base64')}`],
    ['http://bearer:secret@box', undefined, 'Bearer secret'],
    ['http://ada:x@box', 'secret', 'Bearer secret'],
  ])('%s with token %s', (url, token, authorization) => {
    const address = readAddress({ url, token });
    expect(address.headers).toEqual({ authorization });
    expect(address.http('/queue')).toBe('http://box/queue');
  });

  it('gives the same id for the same place, with other credentials too', () => {
    expect(serverAt('http://box:8188').id).toBe(serverAt('http://ada:x@box:8188/').id);
    expect(serverAt('http://box:8188').id).not.toBe(serverAt('http://box:8189').id);
    expect(serverAt('http://box:8188').name).toBe('ComfyUI box:8188');
  });

  it('with a percent sign in its password is sent as it stands', () => {
    const { authorization } = readAddress({ url: 'http://ada:100%@box' }).headers;
    expect(authorization).toBe(`Basic ${Buffer.from('ada:100%').toString('base64')}`);
  });
});
