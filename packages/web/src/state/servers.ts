/** ComfyUI servers, changed here. Refusals of the server are thrown. */
import type { ServerCreate, ServerUpdate } from '@limner/contract';
import { api } from '../api/api.ts';
import { loadOffers } from './studio.ts';

/** Browsers show addresses without a scheme, so it may be missing. */
export const withProtocol = (address: string): string =>
  address.includes('://') ? address.trim() : `http://${address.trim()}`;

export async function addServer(server: ServerCreate): Promise<void> {
  await api.call('addEngine', { body: { ...server, url: withProtocol(server.url) } });
  await loadOffers();
}

export async function updateServer(id: string, change: ServerUpdate): Promise<void> {
  await api.call('updateEngine', { params: { id }, body: change });
  await loadOffers();
}

export async function removeServer(id: string): Promise<void> {
  await api.call('removeEngine', { params: { id } });
  await loadOffers();
}

export async function refreshServer(id: string): Promise<void> {
  await api.call('refreshEngine', { params: { id } });
  await loadOffers();
}
