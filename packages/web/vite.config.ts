import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { serviceWorker } from './service-worker/plugin.ts';

const server = process.env.LIMNER_DEV_SERVER ?? 'http://127.0.0.1:9000';

export default defineConfig({
  root: import.meta.dirname,
  // One build for every base path: the server writes whole addresses into the page.
  base: './',
  plugins: [react(), serviceWorker()],
  resolve: { alias: { zod: path.join(import.meta.dirname, 'src/api/no-schemas.ts') } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // Inlined assets would be data: URLs, which the page's content security policy refuses for scripts and fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': server,
      '/outputs': server,
      '/uploads': server,
      '/health': server,
      '/notices': server,
      '/ws': { target: server, ws: true },
    },
  },
});
