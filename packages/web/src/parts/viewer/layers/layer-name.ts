import type { ArrangedLayer, Output } from '@limner/contract';
import { useTranslation } from 'react-i18next';

/** Its own name, or its number from the lowest as it was painted. */
export function useLayerName(
  layers: readonly Pick<Output, 'place'>[],
): (layer: Pick<ArrangedLayer, 'place' | 'name'>) => string {
  const { t } = useTranslation();
  return ({ place, name }) =>
    name ?? t('layers.number', { n: layers.findIndex((layer) => layer.place === place) + 1 });
}
