/** Available actions on a finished picture, in the order of the toolbar. */
import {
  type FamilyOffer,
  type Frame,
  isPictureType,
  MAX_REFERENCES,
  MAX_STYLE_IMAGES,
  slug,
  type Task,
} from '@limner/contract';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { animationOfTask, animationOfVideo, chooseAnimation } from '../../state/animation-choice.ts';
import { chooseForCompare } from '../../state/compare.ts';
import { deletePicture } from '../../state/deletion.ts';
import { addReferences, addStyleImages, compose, composeInput, useDraft } from '../../state/draft/draft.ts';
import { canEdit } from '../../state/draft/draft-rules.ts';
import { refTo } from '../../state/frames.ts';
import { madeBy } from '../../state/made-by.ts';
import { editMask } from '../../state/mask-editing.ts';
import { notify } from '../../state/notices.ts';
import { starPictures } from '../../state/stars.ts';
import { useStudio } from '../../state/studio.ts';
import {
  canVary,
  copyPicture,
  copyText,
  cutOut,
  downloadOutput,
  downloadPicture,
  recipeText,
  takeApart,
  upscale,
  vary,
} from '../../state/task-actions.ts';
import { chooseUpscale } from '../../state/upscale-choice.ts';
import { fpsOf } from '../../state/video-frame.ts';
import type { IconName } from '../../ui/icon.tsx';

export interface PictureAction {
  id:
    | 'download'
    | 'cutOut'
    | 'useAsInput'
    | 'extend'
    | 'edit'
    | 'useAsControl'
    | 'useAsStyle'
    | 'vary'
    | 'upscale2'
    | 'upscale4'
    | 'animate'
    | 'archive'
    | 'takeApart'
    | 'upscaleWith'
    | 'star'
    | 'compare'
    | 'copyPicture'
    | 'copyName'
    | 'copyRecipe'
    | 'copySeed'
    | 'openFile'
    | 'delete';
  icon: IconName;
  label: string;
  key?: string;
  run: () => void;
}

export function usePictureActions(task: Task, frame: Frame): PictureAction[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const families = useStudio((state) => state.families);
  const engines = useStudio((state) => state.engines);
  return useMemo(() => {
    const { output } = frame;
    if (!output) return [];
    const isPicture = isPictureType(output.media_type);
    const isVideo = output.media_type.startsWith('video/');
    const archive = frame.outputs.find(({ role }) => role === 'archive');
    const name = slug(task.prompt) || task.task_kind;
    const can = abilities(isPicture ? families : []);
    const picture = { ref: output.id, url: output.url, width: output.width, height: output.height };
    const model = madeBy(task, frame, { families, engines }, spokenLanguage()).family;
    const actions: (PictureAction | false)[] = [
      {
        id: 'download',
        icon: 'download',
        label: t('tools.download'),
        key: 'd',
        run: () => downloadPicture(frame),
      },
      isPicture && {
        id: 'copyPicture',
        icon: 'copy',
        label: t('tools.copyPicture'),
        key: 'p',
        run: () => void copyPicture(output),
      },
      {
        id: 'copyName',
        icon: 'text',
        label: t('tools.copyName'),
        run: () => void copyText(output.file_name, t('tools.nameCopied', { name: output.file_name })),
      },
      can.cutOut &&
        task.task_kind !== 'remove_bg' && {
          id: 'cutOut',
          icon: 'scissors',
          label: t('tools.cutOut'),
          key: 'x',
          run: () => void cutOut(output.id, task.id),
        },
      can.input && {
        id: 'useAsInput',
        icon: 'image',
        label: t('tools.useAsInput'),
        key: 'u',
        run: () => {
          composeInput(picture);
          notify({ text: t('tools.inputSet'), tone: 'news' });
          navigate('/');
        },
      },
      can.extend && {
        id: 'extend',
        icon: 'frame',
        label: t('tools.extend'),
        key: 'o',
        run: () => {
          composeInput(picture, 'inpaint');
          editMask('extend');
          navigate('/');
        },
      },
      can.edit && {
        id: 'edit',
        icon: 'pencil',
        label: t('tools.edit'),
        key: 'e',
        run: () => {
          // Added to the references of the current edit, or starts one.
          if (useDraft.getState().mode !== 'edit') compose({ references: [] });
          const room = addReferences([picture]);
          const text = t(room ? 'tools.referenceAdded' : 'composer.referencesFull', {
            count: MAX_REFERENCES,
          });
          notify({ text, tone: room ? 'news' : 'problem' });
          navigate('/');
        },
      },
      can.control && {
        id: 'useAsControl',
        icon: 'sliders',
        label: t('tools.useAsControl'),
        run: () => {
          compose({ control: { ...useDraft.getState().control, enabled: true, picture } });
          navigate('/');
        },
      },
      can.style && {
        id: 'useAsStyle',
        icon: 'brush',
        label: t('tools.useAsStyle'),
        run: () => {
          const room = addStyleImages([picture]);
          const text = t(room ? 'tools.styleAdded' : 'composer.stylesFull', { count: MAX_STYLE_IMAGES });
          notify({ text, tone: room ? 'news' : 'problem' });
          navigate('/');
        },
      },
      canVary(task) && {
        id: 'vary',
        icon: 'shuffle',
        label: t('tools.vary'),
        key: 'v',
        run: () => void vary(task, 1),
      },
      can.upscale && {
        id: 'upscale2',
        icon: 'upscale',
        label: t('tools.upscale2'),
        run: () => void upscale(output.id, { factor: 2 }, task.id),
      },
      can.upscale && {
        id: 'upscale4',
        icon: 'upscale',
        label: t('tools.upscale4'),
        run: () => void upscale(output.id, { factor: 4 }, task.id),
      },
      can.upscale && {
        id: 'upscaleWith',
        icon: 'upscale',
        label: t('tools.upscaleWith'),
        run: () =>
          chooseUpscale({
            ref: output.id,
            task: task.id,
            width: output.width ?? 0,
            height: output.height ?? 0,
          }),
      },
      can.takeApart !== undefined && {
        id: 'takeApart',
        icon: 'layers',
        label: t('tools.takeApart'),
        run: () => void takeApart(output.id, can.takeApart ?? '', task.id),
      },
      isVideo && {
        id: 'animate',
        icon: 'animation',
        label: t('animation.export'),
        run: () =>
          chooseAnimation(
            animationOfVideo(task, { output, outputs: frame.outputs, fps: fpsOf(task, output), name }),
          ),
      },
      isPicture &&
        task.frames.length > 1 && {
          id: 'animate',
          icon: 'animation',
          label: t('animation.export'),
          run: () => chooseAnimation(animationOfTask(task, name)),
        },
      archive !== undefined && {
        id: 'archive',
        icon: 'cube',
        label: t('animation.archive'),
        run: () => downloadOutput(archive),
      },
      {
        id: 'star',
        icon: 'star',
        label: t(output.starred ? 'tools.unstar' : 'tools.star'),
        key: 's',
        run: () => void starPictures({ outputs: [output.id] }, !output.starred, [task.id]),
      },
      isPicture && {
        id: 'compare',
        icon: 'compare',
        label: t('tools.compare'),
        key: 'c',
        run: () => chooseForCompare(refTo(task, frame)),
      },
      task.prompt !== '' && {
        id: 'copyRecipe',
        icon: 'list',
        label: t('tools.copyRecipe'),
        run: () => void copyText(recipeText(task, frame, { model, families }), t('tools.recipeCopied')),
      },
      {
        id: 'openFile',
        icon: 'expand',
        label: t('tools.openFile'),
        run: () => window.open(output.url, '_blank', 'noopener'),
      },
      // A training's sheet is deleted with its run.
      task.task_kind !== 'training' && {
        id: 'delete',
        icon: 'trash',
        label: t('tools.delete'),
        key: 'Backspace',
        run: () => void deletePicture(task, frame),
      },
    ];
    return actions.filter((action): action is PictureAction => action !== false);
  }, [task, frame, families, engines, t, navigate]);
}

function abilities(families: FamilyOffer[]) {
  const here = families.filter((family) => family.available);
  return {
    cutOut: here.some((family) => family.kind === 'remove_bg'),
    upscale: here.some((family) => family.kind === 'upscale'),
    takeApart: here.find((family) => family.layered && family.types.includes('img2img'))?.id,
    input: here.some((family) => family.types.includes('img2img') || family.types.includes('inpaint')),
    edit: canEdit(families),
    extend: here.some((family) => family.outpaint === true),
    control: here.some((family) => family.controls.length > 0),
    style: here.some(({ style_images = 0 }) => style_images > 0),
  };
}
