/** As the models' makers name them. */
export const APACHE = 'Apache-2.0';
/** No commercial use without a licence from Black Forest Labs. */
export const FLUX_DEV = 'FLUX.1 [dev] Non-Commercial License';
export const FLUX_2 = 'FLUX Non-Commercial License';
export const STABILITY = 'Stability AI Community License';
export const LTX = 'LTX-2 Community License';
/** Not for the European Union, the United Kingdom and South Korea. */
export const HUNYUAN = 'Tencent Hunyuan Community License';
export const KREA = 'Krea AI Community License';
