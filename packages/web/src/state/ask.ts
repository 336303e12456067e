/** A confirmation before an irreversible action. One at a time. */
import { create } from 'zustand';

export interface Question {
  title: string;
  /** What will happen, a sentence each. */
  lines: string[];
  confirm: string;
  keep: string;
}

interface OpenQuestion {
  question: Question | null;
  answer: (yes: boolean) => void;
}

export const useQuestion = create<OpenQuestion>(() => ({ question: null, answer: () => undefined }));

/** Resolves with the answer; a new question answers an open one with no. */
export function ask(question: Question): Promise<boolean> {
  useQuestion.getState().answer(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      useQuestion.setState({ question: null, answer: () => undefined });
      resolve(yes);
    };
    useQuestion.setState({ question, answer });
  });
}
