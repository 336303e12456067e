// @vitest-environment happy-dom
import type { Style } from '@limner/contract';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useStudio } from '../../../state/studio.ts';
import { familyOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { GenerateButton } from './generate-button.tsx';

const nothing = () => undefined;

test.each([
  ['en', 'This style was trained for Far away, unheard-of. Choose that model, or another style.'],
  ['zh', '此风格是为「远方、unheard-of」训练的，请换用该模型，或另选风格。'],
] as const)('a style of other models names them (%s)', async (language, sentence) => {
  useStudio.setState({
    families: [familyOf(), familyOf({ id: 'far', available: false, label: { en: 'Far away', zh: '远方' } })],
    styles: [{ id: 4, name: 'Ink', families: ['far', 'unheard-of'] } as Style],
    styleId: 4,
  });
  await renderPage(
    <GenerateButton
      {...{ run: nothing, sending: false, obstacle: 'styles.otherModel', waiting: false, offline: false }}
      {...{ phone: false, open: false, onMore: nothing }}
    />,
    { language },
  );
  expect(screen.getByRole('status').textContent).toBe(sentence);
});
