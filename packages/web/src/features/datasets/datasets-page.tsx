/** One data set, or the list of all. */
import { wholeNumberIn } from '@limner/contract';
import { useParams } from 'react-router';
import { NotFound } from '../../shell/not-found.tsx';
import { DatasetList } from './dataset-list.tsx';
import { DatasetView } from './dataset-view.tsx';

export default function DatasetsPage() {
  const { id } = useParams();
  if (id === undefined) return <DatasetList />;
  const number = wholeNumberIn(id);
  return number === null ? <NotFound /> : <DatasetView key={number} id={number} />;
}
