/**
 * Keeps the task store up to date: loads the newest and unfinished tasks once, then follows the socket. Where Limner
 * answers but the socket does not open, the page says why and asks for tasks at intervals; the socket is tried further.
 */
import type { ChangedList, StudioError } from '@limner/contract';
import { BASE } from '../api/base.ts';
import { EventSocket } from '../api/event-socket.ts';
import { isLimnerThere, socketProblem } from '../api/socket-problem.ts';
import { sentenceOf } from '../i18n/problem.ts';
import { forgetWhatIsGone, loadWhatIsUnderWay } from './load-tasks.ts';
import { dismiss, notify } from './notices.ts';
import { pollTasks } from './task-polling.ts';
import { greatestVersionSeen, receiveEvents, sawVersion, useTasks } from './tasks.ts';

/** Then the pill in the top bar still names the problem. */
const NOTICE_MS = 60_000;

interface LiveTasksOptions {
  /** Reconnected: reloads what events do not cover. */
  onBack: () => void;
  onChanged: (list: ChangedList) => void;
}

export function startLiveTasks({ onBack, onChanged }: LiveTasksOptions): { close: () => void } {
  const without = new WithoutSocket();
  const socket = new EventSocket({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${BASE}/ws`,
    since: greatestVersionSeen,
    onEvents: receiveEvents,
    onCaughtUp: sawVersion,
    onChanged,
    onOpen: () => {
      const before = useTasks.getState().connection;
      without.end();
      useTasks.setState({ connection: 'open' });
      if (before !== 'lost' && before !== 'polling') return;
      void loadWhatIsUnderWay();
      void forgetWhatIsGone().catch(() => undefined);
      onBack();
    },
    onLost: (attempts) => without.lost(attempts, () => socket.reconnectNow()),
  });
  const reconnect = () => socket.reconnectNow();
  addEventListener('online', reconnect);
  document.addEventListener('visibilitychange', reconnect);
  void loadWhatIsUnderWay().finally(() => socket.open());
  return {
    close() {
      removeEventListener('online', reconnect);
      document.removeEventListener('visibilitychange', reconnect);
      without.end();
      socket.close();
    },
  };
}

class WithoutSocket {
  /** Limner's answer after the last failed attempt. */
  #answer: StudioError | null = null;
  #polling: { close: () => void } | null = null;
  #notice = 0;

  /** Limner may have been starting at the first failure, so only a second one after its answer counts. */
  lost(attempts: number, tryAgain: () => void): void {
    if (this.#polling) return;
    if (attempts > 0 && this.#answer) this.#poll(this.#answer);
    else {
      useTasks.setState({ connection: 'lost' });
      if (attempts > 0) this.#ask(tryAgain);
    }
  }

  #ask(tryAgain: () => void): void {
    void socketProblem().then((problem) => {
      if (!problem || !isLimnerThere(problem) || useTasks.getState().connection !== 'lost') return;
      this.#answer = problem;
      tryAgain();
    });
  }

  #poll(problem: StudioError): void {
    useTasks.setState({ connection: 'polling', socketProblem: problem });
    this.#notice = notify({ text: sentenceOf(problem), tone: 'problem' }, NOTICE_MS);
    this.#polling = pollTasks(() => {
      this.end();
      useTasks.setState({ connection: 'lost' });
    });
  }

  end(): void {
    this.#answer = null;
    this.#polling?.close();
    this.#polling = null;
    dismiss(this.#notice);
    useTasks.setState({ socketProblem: null });
  }
}
