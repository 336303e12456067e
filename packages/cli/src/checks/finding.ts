/** `missing`: something optional is not there, and the sentence says how to get it. `bad`: Limner cannot work so. */
export interface Finding {
  state: 'good' | 'missing' | 'bad';
  sentence: string;
}

export type Report = (finding: Finding) => void;
