import type { ConfigProviderProps } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

type Locale = ConfigProviderProps['locale'];

/** Ant Design is in English; its Chinese locale is loaded on demand. */
export function useAntdLocale(): Locale {
  const { i18n } = useTranslation();
  const chinese = i18n.language.startsWith('zh');
  const [locale, setLocale] = useState<Locale>();
  useEffect(() => {
    if (!chinese) return setLocale(undefined);
    void import('antd/locale/zh_CN').then((module) => setLocale(module.default));
  }, [chinese]);
  return locale;
}
