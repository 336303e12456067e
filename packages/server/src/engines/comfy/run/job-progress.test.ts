import { describe, expect, it } from 'vitest';
import { JobProgress, nodeWeights } from './job-progress.ts';

const graph = { loader: {}, sampler: {}, decode: {}, save: {} };
const progress = () => new JobProgress(nodeWeights(graph, { sampler: 7 }));
const tick = (value: number, max: number, finished = false) => ({ value, max, finished });

describe('the progress of a prompt', () => {
  it('weighs its nodes: the sampler is most of the work', () => {
    const job = progress();
    expect(job.cached(['loader'])).toBeCloseTo(0.1);
    expect(job.ticked({ sampler: tick(2, 4) })).toBeCloseTo(0.45);
    expect(job.ticked({ sampler: tick(4, 4, true), decode: tick(1, 1, true) })).toBeCloseTo(0.9);
    expect(job.ticked({ save: tick(1, 1, true) })).toBeCloseTo(1);
  });

  it('never falls, whatever a node says', () => {
    const job = progress();
    job.ticked({ sampler: tick(3, 4) });
    const before = job.fraction;
    expect(job.ticked({ sampler: tick(1, 4) })).toBe(before);
    expect(job.ticked({ sampler: tick(9, 0) })).toBe(before);
  });

  it('takes a node for done when the next begins: most say nothing else', () => {
    const job = progress();
    job.began('loader');
    expect(job.began('sampler')).toBeCloseTo(0.1);
    expect(job.began('sampler')).toBeCloseTo(0.1);
  });

  it('ignores nodes the graph does not have', () => {
    expect(progress().ticked({ stranger: tick(1, 1, true) })).toBe(0);
  });
});
