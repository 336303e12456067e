import { GRID_AXES, type Grid, type GridAxis, type GridAxisName } from '@limner/contract';

/** The axes that a grid has. */
export const axesOf = ({ axes }: Pick<Grid, 'axes'>): [GridAxisName, GridAxis][] =>
  GRID_AXES.flatMap((name) => (axes[name] ? [[name, axes[name]]] : []));
