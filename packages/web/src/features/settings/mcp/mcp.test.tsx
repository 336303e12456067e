// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { renderPage } from '../../../testing-page.tsx';
import { Mcp } from './mcp.tsx';

test('the set-up of each program is copied as it stands on the page', async () => {
  const user = userEvent.setup();
  const write = vi.spyOn(navigator.clipboard, 'writeText');
  await renderPage(<Mcp />);
  const cards = await screen.findAllByRole('region');
  expect(cards).toHaveLength(6);
  for (const card of cards) {
    write.mockClear();
    await user.click(within(card).getByRole('button'));
    const shown = card.querySelector('pre')?.textContent ?? '';
    expect(shown).toContain(location.origin);
    await waitFor(() => expect(write).toHaveBeenCalledWith(shown));
  }
});
