/** Renders a part of the page for a test, in a language and at an address, and removes it after the test. */
import type { Language } from '@limner/contract';
import { cleanup, render } from '@testing-library/react';
import { ConfigProvider } from 'antd';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { BrowserRouter } from 'react-router';
import { afterEach } from 'vitest';
import { speak, startI18n } from './i18n/i18n.ts';
import { Notices } from './shell/notices.tsx';
import { useNotices } from './state/notices.ts';
import { useTasks } from './state/tasks.ts';
import { BUTTONS } from './theme/buttons.ts';

interface PageOptions {
  language?: Language;
  address?: string;
}

export async function renderPage(part: ReactNode, { language = 'en', address = '/' }: PageOptions = {}) {
  if (i18next.isInitialized) await speak(language);
  else await startI18n(language);
  history.replaceState(null, '', address);
  return render(
    <ConfigProvider button={BUTTONS}>
      <BrowserRouter>
        {part}
        <Notices />
      </BrowserRouter>
    </ConfigProvider>,
  );
}

afterEach(() => {
  cleanup();
  localStorage.clear();
  useNotices.setState({ notices: [] });
  useTasks.setState({ entries: {}, connection: 'open' });
});
