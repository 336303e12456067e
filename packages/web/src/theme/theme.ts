/**
 * The tokens of tokens.css as an Ant Design theme. Ant Design's algorithms desaturate the gold and leave links blue, so
 * meaningful colours are set again after the algorithm.
 */
import { theme as antd, type ThemeConfig } from 'antd';

export type ThemeName = 'dark' | 'light';

interface Palette {
  page: string;
  panel: string;
  raised: string;
  sunk: string;
  line: string;
  lineStrong: string;
  ink: string;
  ink2: string;
  ink3: string;
  gold: string;
  leaf: string;
  gilt: string;
  cinnabar: string;
  jade: string;
  shadow: string;
}

const ON_GOLD = '#221803';

const palettes: Record<ThemeName, Palette> = {
  dark: {
    page: '#131312',
    panel: '#191917',
    raised: '#222220',
    sunk: '#100f0e',
    line: 'rgba(255,248,232,.085)',
    lineStrong: 'rgba(255,248,232,.17)',
    ink: '#eeebe4',
    ink2: '#aeaa9f',
    ink3: '#928e84',
    gold: '#efc775',
    leaf: '#e6b450',
    gilt: 'rgba(230,180,80,.13)',
    cinnabar: '#f27a63',
    jade: '#7fc4a0',
    shadow: '0 1px 2px #0006, 0 10px 30px #0006',
  },
  light: {
    page: '#f4f2ed',
    panel: '#fbfaf7',
    raised: '#ffffff',
    sunk: '#f1eee8',
    line: 'rgba(48,36,12,.11)',
    lineStrong: 'rgba(48,36,12,.2)',
    ink: '#1f1c17',
    ink2: '#5c574d',
    ink3: '#686256',
    gold: '#7a5300',
    leaf: '#e3ad40',
    gilt: 'rgba(214,152,30,.15)',
    cinnabar: '#b3361f',
    jade: '#226b49',
    shadow: '0 1px 2px rgba(50,38,14,.08), 0 10px 28px rgba(50,38,14,.1)',
  },
};

const SANS =
  '-apple-system, BlinkMacSystemFont, "Segoe UI Variable Text", "Segoe UI", "PingFang SC", "Microsoft YaHei UI", "Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

interface ThemeSettings {
  /** Controls have a height for touch. */
  touch: boolean;
  /** No animation of menus and dialogs. */
  still: boolean;
}

export function antdTheme(name: ThemeName, { touch, still }: ThemeSettings): ThemeConfig {
  const p = palettes[name];
  const base = name === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm;
  const meaning = meaningOf(p);
  return {
    // A component may have a primary colour of its own: buttons are gold leaf.
    algorithm: (seed, map) => ({ ...base(seed, map), ...meaning, ...primaryOf(seed.colorPrimary) }),
    token: {
      ...meaning,
      colorBgBase: p.page,
      colorTextBase: p.ink,
      colorTextTertiary: p.ink3,
      colorTextPlaceholder: p.ink3,
      controlItemBgActive: p.gilt,
      controlItemBgActiveHover: p.gilt,
      borderRadius: 8,
      borderRadiusSM: 6,
      borderRadiusLG: 12,
      sizeUnit: 4,
      controlHeight: touch ? 44 : 34,
      controlHeightSM: touch ? 36 : 26,
      controlHeightLG: touch ? 48 : 44,
      fontFamily: SANS,
      fontSize: touch ? 15 : 13,
      boxShadow: p.shadow,
      boxShadowSecondary: p.shadow,
      motion: !still,
      motionDurationFast: '0.08s',
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.2s',
      motionEaseOut: 'cubic-bezier(.2,.7,.2,1)',
    },
    components: componentTokens(p),
  };
}

const primaryOf = (colour: string) => ({
  colorPrimary: colour,
  colorPrimaryHover: colour,
  colorPrimaryActive: colour,
});

function meaningOf(p: Palette) {
  return {
    ...primaryOf(p.gold),
    colorPrimaryBg: p.gilt,
    colorPrimaryBgHover: p.gilt,
    colorPrimaryBorder: p.gold,
    colorPrimaryText: p.gold,
    colorLink: p.gold,
    colorLinkHover: p.gold,
    colorLinkActive: p.gold,
    colorError: p.cinnabar,
    colorErrorHover: p.cinnabar,
    colorErrorText: p.cinnabar,
    colorWarning: p.cinnabar,
    colorSuccess: p.jade,
    colorBgLayout: p.page,
    colorBgContainer: p.panel,
    colorBgElevated: p.raised,
    colorBorder: p.lineStrong,
    colorBorderSecondary: p.line,
    colorText: p.ink,
    colorTextSecondary: p.ink2,
  };
}

function componentTokens(p: Palette): ThemeConfig['components'] {
  return {
    Button: {
      algorithm: true,
      colorPrimary: p.leaf,
      colorPrimaryHover: p.leaf,
      colorPrimaryActive: p.leaf,
      primaryColor: ON_GOLD,
      primaryShadow: 'none',
      defaultShadow: 'none',
      dangerShadow: 'none',
      defaultBg: 'transparent',
      defaultHoverBg: p.gilt,
      defaultHoverColor: p.ink,
      defaultHoverBorderColor: p.lineStrong,
      fontWeight: 500,
    },
    Input: { colorBgContainer: p.sunk, colorBorder: p.line, activeShadow: 'none' },
    InputNumber: { colorBgContainer: p.sunk, colorBorder: p.line, activeShadow: 'none' },
    Select: {
      colorBgContainer: p.sunk,
      selectorBg: p.sunk,
      colorBorder: p.line,
      activeOutlineColor: 'transparent',
      optionSelectedBg: p.gilt,
      optionSelectedColor: p.gold,
    },
    Switch: { colorPrimary: p.leaf, colorPrimaryHover: p.leaf },
    Slider: {
      trackBg: p.gold,
      trackHoverBg: p.gold,
      railBg: p.lineStrong,
      railHoverBg: p.lineStrong,
      handleColor: p.gold,
      handleActiveColor: p.gold,
      railSize: 3,
      handleSize: 10,
      handleSizeHover: 11,
    },
    Progress: { defaultColor: p.leaf },
    Segmented: {
      itemSelectedBg: p.raised,
      itemSelectedColor: p.ink,
      itemColor: p.ink2,
      trackBg: p.sunk,
      trackPadding: 2,
    },
    Checkbox: { colorWhite: ON_GOLD },
    Drawer: { colorBgElevated: p.panel },
  };
}
