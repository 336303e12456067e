// Runs before the first paint so that neither theme nor language flashes. Keys: src/state/preferences.ts.
(() => {
  const base = document.documentElement.dataset.base ?? '';
  const { pathname, search } = location;
  // The manifest and the service worker cover the path with its slash.
  if (base && pathname === base) history.replaceState(null, '', `${base}/${search}`);
  // Opened without the base path, perhaps past the proxy.
  else if (base && !pathname.startsWith(`${base}/`)) location.replace(base + pathname + search);
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem('limner.preferences') ?? '{}').state ?? {};
  } catch {
    // Unreadable preferences are the default ones.
  }
  const light = matchMedia('(prefers-color-scheme: light)').matches;
  const root = document.documentElement;
  root.dataset.theme =
    kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : light ? 'light' : 'dark';
  root.lang = (kept.language ?? navigator.language).startsWith('zh') ? 'zh-CN' : 'en';
  // The installed app has its name in the language that is read when it is installed.
  if (root.lang === 'zh-CN')
    document.querySelector('link[rel="manifest"]').setAttribute('href', `${base}/manifest.zh-CN.webmanifest`);
})();
