/** Classifies addresses below the base path. Pure. */

/** Addresses that only the server answers. */
const SERVERS = /^\/(api|outputs|uploads|loras|ws|docs|health|healthz|metrics|notices|assets|v1|sdapi)(\/|$)/;

/** Pages of the app. */
export const isPage = (path: string): boolean => !SERVERS.test(path) && !/\.\w+$/.test(path);

export const isKeptForEver = (path: string): boolean => path.startsWith('/assets/');

export const isThumbnail = (path: string, query: URLSearchParams): boolean =>
  /^\/(outputs|uploads)\//.test(path) && query.has('w');
