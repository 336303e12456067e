import { Button } from 'antd';
import i18next from 'i18next';
import { Component, type ReactNode } from 'react';
import styles from './page-boundary.module.css';

/** Shows an error if a page throws; the shell and the tasks stay. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className={styles.page}>
        <h1>{i18next.t('problem.page')}</h1>
        <p>{i18next.t('problem.pageHint')}</p>
        <code>{error.message}</code>
        <div className={styles.actions}>
          <Button type="primary" onClick={() => this.setState({ error: null })}>
            {i18next.t('common.tryAgain')}
          </Button>
          <Button
            onClick={() => void navigator.clipboard.writeText(`${error.message}\n${error.stack ?? ''}`)}
          >
            {i18next.t('problem.copyDetails')}
          </Button>
        </div>
      </main>
    );
  }
}
