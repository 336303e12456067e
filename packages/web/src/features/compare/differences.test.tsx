// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { useStudio } from '../../state/studio.ts';
import { familyOf, frameOf, taskOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { Differences } from './differences.tsx';

beforeEach(() => useStudio.setState({ families: [familyOf()], loaded: true }));

const paintedWith = (colour: string) => ({
  task: taskOf({ params: { steps: 4, inputs: { colour } } }),
  frame: frameOf(0),
});

test('the values of a workflow that differ are shown beside each other', async () => {
  await renderPage(<Differences first={paintedWith('red')} second={paintedWith('blue')} />);
  expect(screen.getAllByRole('term').map(({ textContent }) => textContent)).toEqual(['colour']);
  expect(screen.getAllByRole('definition').map(({ textContent }) => textContent)).toEqual(['red', 'blue']);
});
