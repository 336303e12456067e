/** `missing`: something optional is missing, and the sentence says how to get it. `bad`: Limner cannot work. */
export interface Finding {
  state: 'good' | 'missing' | 'bad';
  sentence: string;
}

export type Report = (finding: Finding) => void;
