import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { About } from './about.tsx';
import { Appearance } from './appearance.tsx';
import { Bin } from './bin.tsx';
import { Engines } from './engines.tsx';
import { Mcp } from './mcp/mcp.tsx';
import { Models } from './models.tsx';
import styles from './settings-page.module.css';
import { Status } from './status.tsx';
import { Storage } from './storage.tsx';
import { Webhooks } from './webhooks/webhooks.tsx';
import { Wildcards } from './wildcards/wildcards.tsx';
import { Workflows } from './workflows/workflows.tsx';

const SECTIONS = [
  { id: 'engines', icon: 'chip', label: 'settings.engines', Content: Engines },
  { id: 'models', icon: 'cube', label: 'settings.models', Content: Models },
  { id: 'workflows', icon: 'branch', label: 'workflows.title', Content: Workflows },
  { id: 'wildcards', icon: 'text', label: 'wildcards.title', Content: Wildcards },
  { id: 'storage', icon: 'disk', label: 'storage.title', Content: Storage },
  { id: 'bin', icon: 'trash', label: 'bin.title', Content: Bin },
  { id: 'status', icon: 'eye', label: 'studioStatus.title', Content: Status },
  { id: 'webhooks', icon: 'send', label: 'webhooks.title', Content: Webhooks },
  { id: 'mcp', icon: 'plug', label: 'mcp.title', Content: Mcp },
  { id: 'appearance', icon: 'globe', label: 'settings.appearance', Content: Appearance },
  { id: 'about', icon: 'info', label: 'settings.about', Content: About },
] as const satisfies readonly { id: string; icon: IconName; label: string; Content: () => React.ReactNode }[];

export default function SettingsPage() {
  const { t } = useTranslation();
  const { section } = useParams();
  usePageTitle(t('nav.settings'));
  const shown = SECTIONS.find(({ id }) => id === section) ?? SECTIONS[0];
  return (
    <main className={styles.page}>
      <nav className={styles.nav} aria-label={t('settings.title')}>
        {SECTIONS.map(({ id, icon, label }) => (
          <Link
            key={id}
            ref={id === shown.id ? bringIntoView : undefined}
            to={`/settings/${id}`}
            aria-current={id === shown.id ? 'page' : undefined}
          >
            <Icon name={icon} />
            {t(label)}
          </Link>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={styles.content} aria-label={t(shown.label)} tabIndex={0}>
        <shown.Content />
      </section>
    </main>
  );
}

/** On a phone the sections are a row that scrolls sideways. */
function bringIntoView(link: HTMLElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
