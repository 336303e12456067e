/** One grid as a sheet, or the list of all. */
import { useParams } from 'react-router';
import { NotFound } from '../../shell/not-found.tsx';
import { GridList } from './grid-list.tsx';
import { GridView } from './grid-view.tsx';

export default function GridsPage() {
  const { id } = useParams();
  if (id === undefined) return <GridList />;
  return /^[1-9]\d{0,14}$/.test(id) ? <GridView key={id} id={Number(id)} /> : <NotFound />;
}
