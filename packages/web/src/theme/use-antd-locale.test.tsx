// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { ConfigProvider, Empty } from 'antd';
import { expect, test } from 'vitest';
import { speak } from '../i18n/i18n.ts';
import { renderPage } from '../testing-page.tsx';
import { useAntdLocale } from './use-antd-locale.ts';

function Page() {
  return (
    <ConfigProvider locale={useAntdLocale()}>
      <input aria-label="words" />
      <Empty />
    </ConfigProvider>
  );
}

test('a change of the language keeps what was typed', async () => {
  await renderPage(<Page />);
  const field = screen.getByLabelText('words');
  await userEvent.type(field, 'a red dragon');
  await act(() => speak('zh'));
  await screen.findAllByText('暂无数据');
  expect(screen.getByLabelText('words')).toBe(field);
  await act(() => speak('en'));
  await screen.findAllByText('No data');
  expect(screen.getByLabelText('words')).toBe(field);
});
