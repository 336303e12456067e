import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import type { PictureRef } from '../../state/picture-ref.ts';
import { PHONE, useMedia } from '../../ui/use-media.ts';
import { TaskDetail } from './task-detail.tsx';

interface TaskDrawerProps {
  shown: PictureRef;
  onShow: (shown: PictureRef) => void;
  onClose: () => void;
}

/** A task's detail over the page; on a phone it fills the window. */
export default function TaskDrawer({ shown, onShow, onClose }: TaskDrawerProps) {
  const { t } = useTranslation();
  const phone = useMedia(PHONE);
  return (
    <Drawer
      open
      aria-label={t('detail.title', { id: shown.task })}
      size={phone ? '100%' : 432}
      closable={false}
      onClose={onClose}
      styles={{ body: { padding: 0 } }}
    >
      <TaskDetail shown={shown} onShow={onShow} onClose={onClose} />
    </Drawer>
  );
}
