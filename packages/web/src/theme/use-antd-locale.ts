import type { ConfigProviderProps } from 'antd';
import english from 'antd/locale/en_US';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

type Locale = ConfigProviderProps['locale'];

/**
 * The Chinese locale is loaded on demand. There is always one: Ant Design puts a provider around the page with the first, which
 * would build the page anew and lose what was typed.
 */
export function useAntdLocale(): Locale {
  const { i18n } = useTranslation();
  const chinese = i18n.language.startsWith('zh');
  const [locale, setLocale] = useState<Locale>(english);
  useEffect(() => {
    if (!chinese) return setLocale(english);
    let isWanted = true;
    void import('antd/locale/zh_CN').then((module) => isWanted && setLocale(module.default));
    return () => {
      isWanted = false;
    };
  }, [chinese]);
  return locale;
}
