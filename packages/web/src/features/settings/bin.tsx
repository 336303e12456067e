/** The bin: deleted items that can be restored, newest first. */
import type { BinItem, BinPage } from '@limner/contract';
import { Button } from 'antd';
import i18next from 'i18next';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { bytes, fullMoment } from '../../i18n/format.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { ask } from '../../state/ask.ts';
import { notify } from '../../state/notices.ts';
import { attempt } from '../../state/task-actions.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import styles from './bin.module.css';
import { SectionHead } from './section-head.tsx';

export function Bin() {
  const { t } = useTranslation();
  const { bin, items, problem, load, more } = useBin();
  const empty = async () => {
    if (!bin) return;
    const words = { count: bin.count, size: bytes(bin.size_bytes) };
    const isSure = await ask({
      title: t('bin.emptyAsk', words),
      lines: [t('bin.forGood')],
      confirm: t('bin.empty'),
      keep: t('select.keep'),
    });
    if (isSure) await removeForGood();
    load();
  };
  return (
    <div>
      <SectionHead title={t('bin.title')} sub={subOf(bin, t)}>
        <Button danger disabled={!bin || bin.count === 0} onClick={() => void empty()}>
          {t('bin.empty')}
        </Button>
      </SectionHead>
      {problem != null && (
        <Empty sentence={sentenceOf(problem)}>
          <Button onClick={load}>{t('common.tryAgain')}</Button>
        </Empty>
      )}
      {problem == null && bin?.count === 0 && <Empty sentence={t('bin.nothing')} />}
      <ul className={styles.items} aria-label={t('bin.title')}>
        {items.map((item) => (
          <Item key={item.id} item={item} onDone={load} />
        ))}
      </ul>
      {more && <Button onClick={more}>{t('bin.more')}</Button>}
    </div>
  );
}

function subOf(bin: BinPage | null, t: typeof i18next.t): string {
  if (!bin) return '';
  if (bin.days === 0) return t('bin.off');
  const size = bin.count > 0 ? ` ${t('bin.size', { count: bin.count, size: bytes(bin.size_bytes) })}` : '';
  return t('bin.sub', { count: bin.days }) + size;
}

function Item({ item, onDone }: { item: BinItem; onDone: () => void }) {
  const { t } = useTranslation();
  const name = item.title || t(`bin.kind.${item.kind}`, { id: item.task_id ?? '' });
  const restore = async () => {
    if (await restoreItem(item.id)) onDone();
  };
  const remove = async () => {
    const isSure = await ask({
      title: t('bin.removeAsk', { name }),
      lines: [t('bin.forGood')],
      confirm: t('bin.remove'),
      keep: t('select.keep'),
    });
    if (isSure && (await removeForGood([item.id]))) onDone();
  };
  return (
    <li>
      {item.thumbnail_url ? (
        <img src={item.thumbnail_url} alt="" width={56} height={56} loading="lazy" />
      ) : (
        <span className={styles.none}>
          <Icon name="image" />
        </span>
      )}
      <div>
        <b>{name}</b>
        <span>
          {t(`bin.kind.${item.kind}`, { id: item.task_id ?? '' })} ·{' '}
          {t('storage.files', { count: item.files })} · {bytes(item.size_bytes)}
        </span>
        <span>
          {t(`bin.cause.${item.cause}`, { time: fullMoment(item.deleted_at) })} ·{' '}
          {t('bin.until', { time: fullMoment(item.expires_at) })}
        </span>
      </div>
      <Button onClick={() => void restore()} aria-label={t('bin.restoreNamed', { name })}>
        {t('bin.restore')}
      </Button>
      <Button danger type="text" onClick={() => void remove()} aria-label={t('bin.removeNamed', { name })}>
        {t('bin.remove')}
      </Button>
    </li>
  );
}

const restoreItem = (id: number): Promise<boolean> =>
  attempt(async () => {
    await api.call('restoreFromBin', { body: { items: [id] } });
    notify({ text: i18next.t('bin.restored'), tone: 'news' });
  });

const removeForGood = (items?: number[]): Promise<boolean> =>
  attempt(async () => {
    const { size_bytes } = await api.call('emptyBin', { body: items ? { items } : {} });
    notify({ text: i18next.t('bin.removed', { size: bytes(size_bytes) }), tone: 'news' });
  });

function useBin() {
  const [pages, setPages] = useState<BinPage[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const read = useCallback((before?: number) => api.call('listBin', { query: { before } }), []);
  const load = useCallback(() => {
    setProblem(null);
    read().then((page) => setPages([page]), setProblem);
  }, [read]);
  useEffect(load, [load]);
  const before = pages.at(-1)?.next_before ?? null;
  const more =
    before === null
      ? null
      : () => void read(before).then((page) => setPages((all) => [...all, page]), setProblem);
  return { bin: pages[0] ?? null, items: pages.flatMap((page) => page.items), problem, load, more };
}
