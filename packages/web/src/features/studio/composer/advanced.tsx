/** The family's further parameters, generated from its description. */
import type { FamilyOffer, FamilyParam } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { compose, type ParamValues, useDraft } from '../../../state/draft/draft.ts';
import { Fold } from './fold.tsx';
import { ParamControl } from './param-control.tsx';
import { isOwnParam, isUsedNow, paramLabel } from './params.ts';

export function Advanced({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const values = useDraft((state) => state.params[family.id]);
  const mode = useDraft((state) => state.mode);
  const params = family.params.filter(isOwnParam).filter((param) => isUsedNow(param, values ?? {}, mode));
  if (params.length === 0) return null;
  const useful = params.filter(({ effect }) => effect);
  const changed = useful.some(({ key }) => values?.[key] !== undefined);
  const reset = () => compose({ params: { ...useDraft.getState().params, [family.id]: {} } });
  return (
    <Fold title={t('composer.advanced')} inside={<Inside params={params} values={values ?? {}} />}>
      {params.map((param) => (
        <ParamControl key={param.key} family={family.id} param={param} />
      ))}
      {changed && (
        <Button size="small" type="text" onClick={reset}>
          {t('composer.reset')}
        </Button>
      )}
    </Fold>
  );
}

function Inside({ params, values }: { params: FamilyParam[]; values: ParamValues }) {
  const { t } = useTranslation();
  // Without an enlargement there is no second pass to speak of.
  const shown = params.filter(({ key }) => key !== 'hires_scale' || values[key] !== undefined);
  const words = shown.map((param) => {
    const name = paramLabel(param);
    if (!param.effect)
      return t('composer.off', { name: spokenLanguage() === 'en' ? name.toLowerCase() : name });
    const value = values[param.key] ?? param.default;
    return param.type === 'choice' ? choiceLabel(param, value) : `${name} ${value ?? ''}`.trim();
  });
  return <>{words.filter(Boolean).join(t('common.list'))}</>;
}

function choiceLabel(param: FamilyParam, value: ParamValues[string] | null): string {
  return (
    param.choices?.find((choice) => choice.value === value)?.label[spokenLanguage()] ?? String(value ?? '')
  );
}
