/** Makes an SVG body small and plain without changing what is seen. */
import { optimize } from 'svgo';

/** Everything that is kept is a shape, a paint or a filter: no scripts, links, animation or outside references. */
const FORBIDDEN =
  /<(script|foreignObject|image|animate|animateTransform|set|a|text|style)\b|href="(?!#)|url\((?!#)/i;

export function cleanBody(body, size, precision) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${size} ${size}">${simplerFilters(body)}</svg>`;
  const { data } = optimize(svg, {
    multipass: false,
    floatPrecision: precision,
    plugins: plugins(precision),
  });
  const inner = data.replace(/^<svg[^>]*>/, '').replace(/<\/svg>$/, '');
  if (FORBIDDEN.test(inner)) throw new Error('not a plain drawing');
  return inner;
}

const plugins = (precision) => [
  'removeUselessDefs',
  { name: 'cleanupNumericValues', params: { floatPrecision: precision } },
  {
    name: 'convertColors',
    params: { currentColor: false, names2hex: true, rgb2hex: true, shorthex: false, shortname: false },
  },
  {
    name: 'convertPathData',
    params: { floatPrecision: precision, applyTransforms: false, forceAbsolutePath: false },
  },
  { name: 'convertTransform', params: { floatPrecision: precision } },
  { name: 'cleanupIds', params: { minify: true } },
  'collapseGroups',
  'removeEmptyContainers',
  'sortAttrs',
];

/**
 * Design tools write each inner shadow with steps that change nothing: blending with an empty picture, and hardening an
 * alpha that is hard already. Without them the same picture is drawn in less time.
 */
const simplerFilters = (body) => body.replace(/<filter\b[^>]*>.*?<\/filter>/gs, simplerFilter);

function simplerFilter(filter) {
  const empty = '<feBlend in="SourceGraphic" in2="BackgroundImageFix" result="shape"/>';
  let plain = filter.includes(empty)
    ? filter.replace(empty, '').replaceAll('in2="shape"', 'in2="SourceGraphic"')
    : filter;
  if (!plain.includes('in2="BackgroundImageFix"'))
    plain = plain.replace(/<feFlood[^>]*result="BackgroundImageFix"\/>/, '');
  return plain
    .replace(
      /<feColorMatrix in="SourceAlpha" result="hardAlpha"[^>]*\/><fe(\w+)(?![^>]* in=")/g,
      '<fe$1 in="SourceAlpha"',
    )
    .replaceAll(/in(2?)="hardAlpha"/g, 'in$1="SourceAlpha"');
}
