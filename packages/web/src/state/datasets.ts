/** The list of data sets, and adding pictures to them from other pages. */
import type { DatasetListItem, DatasetWork } from '@limner/contract';
import i18next from 'i18next';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { useChangedLists } from './changed-lists.ts';
import { notify } from './notices.ts';
import { attempt } from './task-actions.ts';
import { useTasks } from './tasks.ts';

const POLL_MS = 700;

export interface DatasetList {
  sets: DatasetListItem[] | null;
  problem: unknown;
}

export function useDatasets(): DatasetList {
  const [list, setList] = useState<DatasetList>({ sets: null, problem: null });
  const changes = useChangedLists((counts) => counts.datasets);
  const connection = useTasks((state) => state.connection);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the list has changed or the connection is back
  useEffect(() => {
    let gone = false;
    api.call('listDatasets', {}).then(
      (sets) => !gone && setList({ sets, problem: null }),
      (problem) => !gone && setList((held) => ({ ...held, problem })),
    );
    return () => {
      gone = true;
    };
  }, [changes, connection]);
  return list;
}

/** All pictures of these tasks. */
export const addTasksTo = (set: { id: number; name: string }, tasks: number[]): Promise<boolean> =>
  attempt(async () => {
    const begun = await api.call('addDatasetPictures', { params: { id: set.id }, body: { tasks } });
    const { files, error } = await endedWork(begun);
    if (error) return notify({ text: error.message, tone: 'problem' });
    const count = files.filter(({ outcome }) => outcome === 'added').length;
    const known = files.filter(({ outcome }) => outcome === 'known').length;
    notify({ text: i18next.t('datasets.addedTo', { count, known, name: set.name }), tone: 'news' });
  });

/** Follows work on a data set until it has ended. */
export async function endedWork(
  begun: DatasetWork,
  show: (work: DatasetWork) => void = () => {},
): Promise<DatasetWork> {
  let work = begun;
  while (work.status === 'running' && work.id !== null) {
    show(work);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    work = await api.call('getDatasetWork', { params: { id: work.dataset, work: work.id } });
  }
  return work;
}

/** With the first free name. */
export async function createSet(names: readonly string[]): Promise<{ id: number; name: string }> {
  const stem: string = i18next.t('datasets.newName');
  let name = stem;
  for (let number = 2; names.includes(name); number += 1) name = `${stem} ${number}`;
  return api.call('createDataset', { body: { name } });
}
