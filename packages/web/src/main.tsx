import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/tokens.css';
import './theme/base.css';
import { App } from './app.tsx';
import { startI18n } from './i18n/i18n.ts';
import { keepHere } from './pwa/keep-here.ts';
import { preferredLanguage } from './state/preferences.ts';

await startI18n(preferredLanguage());

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

keepHere();
