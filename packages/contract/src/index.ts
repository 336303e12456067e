import './interpret.ts';

export * from './byte-routes.ts';
export * from './caller.ts';
export * from './client.ts';
export * from './error.ts';
export * from './event.ts';
export * from './family.ts';
export * from './output.ts';
export * from './preset.ts';
export * from './queue.ts';
export * from './routes.ts';
export * from './storage.ts';
export * from './style.ts';
export * from './task.ts';
export * from './training.ts';
export * from './upload.ts';
export * from './workflow.ts';
