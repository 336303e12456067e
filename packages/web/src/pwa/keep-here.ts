/**
 * Keeps the app in the browser, so that it starts without the server, and announces a newer version. Browsers allow
 * this only on this machine and over https; elsewhere only the start without a server does not work.
 */
import i18next from 'i18next';
import { BASE } from '../api/base.ts';
import { notify } from '../state/notices.ts';

const CHECK_EVERY_MS = 30 * 60_000;
const A_DAY_MS = 24 * 60 * 60_000;

export function keepHere(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // After the page's first paint, so that caching does not delay it.
  if (document.readyState === 'complete') void register();
  else addEventListener('load', () => void register(), { once: true });
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register(`${BASE}/sw.js`).catch(() => null);
  if (!registration) return;
  announceUpdates(registration);
  const check = () => void registration.update().catch(() => undefined);
  setInterval(check, CHECK_EVERY_MS);
  addEventListener('online', check);
}

function announceUpdates(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh?.addEventListener('statechange', () => {
      // The first service worker replaces nothing.
      if (fresh.state === 'installed' && navigator.serviceWorker.controller) offer(fresh);
    });
  });
}

function offer(worker: ServiceWorker): void {
  const run = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    worker.postMessage('take-over');
  };
  const action = { label: i18next.t('version.load'), run };
  notify({ text: i18next.t('version.isNew'), tone: 'news', action }, A_DAY_MS);
}
