/** Columns are x, rows are y, and each value of z has a table. With one axis the cells follow one another. */
import { type Grid, type GridCell, gridLabel, isRepeatedCell } from '@limner/contract';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { axesOf } from './axes-of.ts';
import { Cell } from './cell.tsx';
import styles from './grids-page.module.css';

interface SheetProps {
  grid: Grid;
  onOpen: (task: number) => void;
}

export function Sheet({ grid, onOpen }: SheetProps) {
  const axes = axesOf(grid);
  const language = spokenLanguage();
  if (axes.length === 1)
    return (
      <ul className={styles.wall}>
        {grid.cells.map((cell, index) => {
          const label = gridLabel(axes[0]?.[1] ?? null, index, language);
          return (
            <li key={cell.task_id}>
              <Cell cell={cell} label={label} onOpen={onOpen} />
              <span className={styles.caption}>{label}</span>
            </li>
          );
        })}
      </ul>
    );
  const blocks = grid.axes.z?.values.length ?? 1;
  return Array.from({ length: blocks }, (_, z) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a value's position is its name
    <Block key={z} grid={grid} z={z} onOpen={onOpen} />
  ));
}

function Block({ grid, z, onOpen }: SheetProps & { z: number }) {
  const language = spokenLanguage();
  const { axes } = grid;
  const columns = labelsOf(axes.x, language)
    .map((label, x) => ({ label, x }))
    .filter(({ x }) => !isRepeatedCell(axes, { x, z }));
  const rows = labelsOf(axes.y, language);
  const at = new Map(grid.cells.map((cell) => [placeOf(cell), cell]));
  return (
    <div className={styles.scroll}>
      <table className={styles.sheet}>
        {axes.z && <caption>{gridLabel(axes.z, z, language)}</caption>}
        {axes.x && (
          <thead>
            <tr>
              {axes.y && <td />}
              {columns.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, y) => (
            <tr key={row}>
              {axes.y && <th scope="row">{row}</th>}
              {columns.map(({ label: column, x }) => {
                const cell = at.get(placeOf({ x, y, z }));
                return (
                  <td key={column}>
                    {cell && (
                      <Cell cell={cell} label={[column, row].filter(Boolean).join(', ')} onOpen={onOpen} />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const labelsOf = (axis: Grid['axes']['x'], language: 'en' | 'zh'): string[] =>
  axis ? axis.values.map((_, index) => gridLabel(axis, index, language)) : [''];

const placeOf = ({ x, y, z }: Pick<GridCell, 'x' | 'y' | 'z'>): string => `${x} ${y} ${z}`;
