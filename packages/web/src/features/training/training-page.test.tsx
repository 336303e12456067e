// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router';
import { expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import TrainingPage from './training-page.tsx';

test.each([
  ['en', 'This address does not exist.'],
  ['zh', '此地址不存在。'],
] as const)(
  'an address that names no run says so instead of showing another (%s)',
  async (language, sentence) => {
    serve({ listTasks: () => [], listTrainers: () => [] });
    const page = (
      <Routes>
        <Route path="/training/:run" element={<TrainingPage />} />
      </Routes>
    );
    await renderPage(page, { language, address: '/training/12abc' });
    expect(await screen.findByText(sentence)).toBeDefined();
  },
);
