import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/tokens.css';
import './theme/base.css';
import { App } from './app.tsx';
import { startI18n } from './i18n/i18n.ts';
import { keepHere } from './pwa/keep-here.ts';
import { guardInputMethods } from './shell/input-methods.ts';
import { preferredLanguage } from './state/preferences.ts';
import { layPageUnder } from './ui/layers.ts';

guardInputMethods(window);
layPageUnder();
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
