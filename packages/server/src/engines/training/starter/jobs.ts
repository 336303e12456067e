/** A kind of embedded job; a type alone, so that naming it loads none of its code. */
import { jobKind } from '../../embedded/job.ts';
import type { TrainJob } from './train-job.ts';

export const TRAIN = jobKind<TrainJob>('train');
