import { OWNER, type TaskEvent } from '@limner/contract';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { SocketClient, TRY_AGAIN_LATER } from './client.ts';
import { Packed } from './packed.ts';

const MEBIBYTE = 1024 * 1024;

/** A connection whose other end reads as slowly as a test wants. */
class SlowSocket {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: TaskEvent[] = [];
  send = (message: Buffer) => this.sent.push(JSON.parse(String(message)));
  close = vi.fn();
  terminate = vi.fn();
  ping = vi.fn();
}

const event = (id: number, version: number): Packed =>
  new Packed({ id, version, frames: [], error: null } as unknown as TaskEvent);

let socket: SlowSocket;
let client: SocketClient;
const versions = () => socket.sent.map((sent) => sent.version);

beforeEach(() => {
  socket = new SlowSocket();
  client = new SocketClient(OWNER, socket as unknown as WebSocket, 'en');
});

describe('a client of the socket', () => {
  it('gets events only of the tasks it follows', () => {
    client.follow([1, 2]);
    client.unfollow([2]);
    for (const id of [1, 2, 3]) client.deliver(event(id, id), false);
    expect(versions()).toEqual([1]);
    client.follow('all');
    client.deliver(event(3, 4), false);
    client.unfollow('all');
    client.deliver(event(1, 5), false);
    expect(versions()).toEqual([1, 4]);
  });

  it('that has just connected gets what happens until it subscribes, of the tasks it then follows', () => {
    client.greet();
    for (const id of [1, 2]) client.deliver(event(id, id), false);
    expect(versions()).toEqual([]);
    client.hold();
    client.follow([2]);
    client.release(new Map());
    client.deliver(event(1, 3), false);
    expect(versions()).toEqual([2]);
  });

  it('that says nothing gets everything', () => {
    vi.useFakeTimers();
    try {
      client.greet();
      client.deliver(event(1, 1), false);
      vi.runAllTimers();
      client.deliver(event(2, 2), false);
      expect(versions()).toEqual([1, 2]);
      client.unfollow('all');
      client.deliver(event(2, 3), false);
      expect(versions()).toEqual([1, 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that does not keep up misses progress, but no change of state', () => {
    client.follow('all');
    socket.bufferedAmount = MEBIBYTE;
    client.deliver(event(1, 1), true);
    client.deliver(event(1, 2), false);
    expect(versions()).toEqual([2]);
    expect(socket.close).not.toHaveBeenCalled();
  });

  it('that lags far behind is let go, to come back and catch up', () => {
    client.follow('all');
    socket.bufferedAmount = 9 * MEBIBYTE;
    client.deliver(event(1, 1), false);
    expect(socket.close).toHaveBeenCalledWith(TRY_AGAIN_LATER, expect.any(String));
    expect(versions()).toEqual([]);
  });

  it('gets what happened during its subscription once, after what was before', () => {
    client.hold();
    client.follow('all');
    client.deliver(event(1, 5), false);
    client.deliver(event(1, 6), false);
    client.deliver(event(2, 7), false);
    client.send(event(1, 5).in('en'));
    client.release(new Map([[1, 5]]));
    client.deliver(event(1, 8), false);
    expect(versions()).toEqual([5, 6, 7, 8]);
  });

  it('that does not answer a ping until the next one is hung up', () => {
    client.check();
    expect(socket.ping).toHaveBeenCalledOnce();
    client.isAlive = true;
    client.check();
    expect(socket.terminate).not.toHaveBeenCalled();
    client.check();
    expect(socket.terminate).toHaveBeenCalledOnce();
  });
});

describe('an event', () => {
  it('is made into bytes once per language, however many read it', () => {
    const packed = event(1, 1);
    expect(packed.in('en')).toBe(packed.in('en'));
    expect(String(packed.in('zh'))).toBe(String(packed.in('en')));
  });
});
