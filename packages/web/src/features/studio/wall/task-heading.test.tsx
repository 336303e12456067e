// @vitest-environment happy-dom
import type { Task } from '@limner/contract';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useStudio } from '../../../state/studio.ts';
import { familyOf, frameOf, taskOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { TaskHeading } from './task-heading.tsx';

async function headingOf(over: Partial<Task>, language: 'en' | 'zh' = 'en') {
  useStudio.setState({ families: [familyOf()] });
  const task = taskOf({ status: 'running', total_frames: 2, ...over });
  await renderPage(<TaskHeading task={task} onOpen={() => undefined} />, { language });
}

const waiting = (index: number, waits_behind: number) => frameOf(index, { status: 'running', waits_behind });

test('a task whose frames all wait on their server says behind how many prompts, and no time', async () => {
  await headingOf({ waits_behind: 2, frames: [waiting(0, 2), waiting(1, 3)] });
  expect(screen.getByText('waits on the server behind 2 prompts')).toBeDefined();
  expect(screen.queryByText(/Painting|left/)).toBeNull();
});

test('in Chinese', async () => {
  await headingOf({ waits_behind: 1, frames: [waiting(0, 1)] }, 'zh');
  expect(screen.getByText('在服务器上排在 1 个任务之后')).toBeDefined();
  expect(screen.queryByText(/正在画/)).toBeNull();
});

test('a frame for which no server is free waits for a server', async () => {
  await headingOf({ waits_behind: 0, frames: [waiting(0, 0)] });
  expect(screen.getByText('waits for a server')).toBeDefined();
});

test('of several frames, the ones that are painted are named', async () => {
  const frames = [frameOf(0, { status: 'running' }), waiting(1, 1)];
  await headingOf({ waits_behind: null, painting_frames: 1, frames });
  expect(screen.getByText('Painting 1 of 2')).toBeDefined();
});
