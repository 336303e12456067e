/** Kinds of embedded job; types alone, so that naming one loads none of its code. */
import { jobKind } from '../../embedded/job.ts';
import type { TrainJob, TrainSamplesJob } from './train-job.ts';

export const TRAIN = jobKind<TrainJob>('train');
export const TRAIN_SAMPLES = jobKind<TrainSamplesJob>('trainSamples');
