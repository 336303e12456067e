import type { Task } from '@limner/contract';
import { Button } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useShallow } from 'zustand/shallow';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { usePictureActions } from '../../parts/pictures/use-picture-actions.ts';
import { chooseCutOut, useCutOutChoice } from '../../state/cut-out-choice.ts';
import {
  type CutOutModel,
  cutOutModels,
  isUsable,
  modelFor,
  modelNamedBy,
} from '../../state/cut-out-models.ts';
import { downloadZip } from '../../state/download-zip.ts';
import { useStudio } from '../../state/studio.ts';
import { downloadPicture } from '../../state/task-actions.ts';
import { useTasks } from '../../state/tasks.ts';
import { Facts } from '../../ui/facts.tsx';
import { Swatches } from '../../ui/grounds/swatches.tsx';
import { Icon } from '../../ui/icon.tsx';
import styles from './cutout-panel.module.css';
import { useCutoutName } from './names.ts';
import { cutOutAgain, useCutouts } from './session.ts';
import { useAlphaShare } from './use-alpha-share.ts';

export function CutoutPanel({ task }: { task: Task | null }) {
  const name = useCutoutName(task?.id ?? 0);
  return (
    <aside className={styles.panel} aria-label={task ? name : undefined}>
      {task && <h2 title={name}>{name}</h2>}
      <Models task={task} name={name} />
      <Swatches />
      {task && <CutoutFacts task={task} />}
      {task && <Actions task={task} />}
    </aside>
  );
}

function Models({ task, name }: { task: Task | null; name: string }) {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const chosen = useCutOutChoice((state) => state.model);
  const models = cutOutModels(families);
  const model = modelFor(families, chosen);
  const input = task?.input_image;
  const used = (task && modelNamedBy(task.recipe, families)) ?? modelFor(families, null);
  return (
    <fieldset className={styles.models}>
      <legend>{t('cutouts.model')}</legend>
      {models.filter(isUsable).map((each) => (
        <Model key={each.value} model={each} checked={each.value === model} />
      ))}
      {task && input && model !== used && (
        <Button size="small" onClick={() => cutOutAgain(name, input, task.source_task_id)}>
          {t('cutouts.again')}
        </Button>
      )}
      <Unusable models={models.filter((each) => !isUsable(each))} />
    </fieldset>
  );
}

/** Unavailable models, each with what it needs. */
function Unusable({ models }: { models: CutOutModel[] }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  if (models.length === 0) return null;
  return (
    <details className={styles.unusable}>
      <summary>{t('cutouts.unusable', { count: models.length })}</summary>
      <ul>
        {models.map((model) => (
          <li key={model.value}>
            {model.label[language]} <small>{origin(model, t)}</small>
            {model.missing.map(({ name, cure }) => (
              <small key={name}>{cure[language]}</small>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Model({ model, checked }: { model: CutOutModel; checked: boolean }) {
  const { t } = useTranslation();
  const { value, label } = model;
  return (
    <label data-chosen={checked}>
      <input type="radio" name="model" checked={checked} onChange={() => chooseCutOut({ model: value })} />
      {label[spokenLanguage()]} <small>{origin(model, t)}</small>
    </label>
  );
}

/** Its engine and its licence. */
function origin({ engine, licence }: CutOutModel, t: TFunction): string {
  if (engine === null) return t('cutouts.byWorkflow');
  const name = engine === 'comfy' ? 'ComfyUI' : t('cutouts.builtIn');
  return [name, licence].filter(Boolean).join(' · ');
}

function CutoutFacts({ task }: { task: Task }) {
  const { t } = useTranslation();
  const output = task.frames[0]?.output;
  const share = useAlphaShare(output?.url ?? null);
  const percent = (part: number) => t('cutouts.ofArea', { percent: Math.round(part * 1000) / 10 });
  return (
    <>
      <Facts
        facts={[
          [t('cutouts.source'), <Source key="source" task={task} />],
          [t('cutouts.size'), output && `${output.width} × ${output.height}`],
          [t('cutouts.transparent'), share && percent(share.transparent)],
          [t('cutouts.softEdge'), share && percent(share.soft)],
        ]}
      />
      {output?.provenance && <p className={styles.made}>{output.provenance.summary[spokenLanguage()]}</p>}
    </>
  );
}

/** The source of the original: an output or an uploaded file. */
function Source({ task }: { task: Task }) {
  const { t } = useTranslation();
  const [, id, index] = /(\d+)_(\d+)/.exec(task.input_image ?? '') ?? [];
  const source = id ? Number(id) : task.source_task_id;
  if (!source) return t('cutouts.fromUpload');
  const words = id
    ? t('cutouts.fromTask', { id, n: Number(index) + 1 })
    : t('detail.sourceTask', { id: source });
  return <Link to={`/history?task=${source}`}>{words}</Link>;
}

function Actions({ task }: { task: Task }) {
  const { t } = useTranslation();
  const frame = task.frames[0];
  const actions = usePictureActions(task, frame ?? NO_FRAME);
  if (!frame?.output) return null;
  const use = actions.find(({ id }) => id === 'useAsInput');
  const edit = actions.find(({ id }) => id === 'edit') ?? actions.find(({ id }) => id === 'upscale2');
  return (
    <div className={styles.actions}>
      <Button type="primary" icon={<Icon name="download" />} onClick={() => downloadPicture(frame)}>
        {t('cutouts.downloadPng')}
      </Button>
      <div>
        {[use, edit].map(
          (action) =>
            action && (
              <Button key={action.id} icon={<Icon name={action.icon} />} onClick={action.run}>
                {action.label}
              </Button>
            ),
        )}
      </div>
      <AllAsZip />
    </div>
  );
}

/** Downloads all cut-outs of this page as one zip. */
function AllAsZip() {
  const { t } = useTranslation();
  const items = useCutouts((state) => state.items);
  const done = useTasks(
    useShallow(({ entries }) =>
      items.flatMap(({ task }) => (task && entries[task]?.item.output_paths[0] ? [task] : [])),
    ),
  );
  if (done.length < 2) return null;
  return (
    <Button icon={<Icon name="download" />} onClick={() => void downloadZip({ tasks: done })}>
      {t('cutouts.zip')}
    </Button>
  );
}

const NO_FRAME: Task['frames'][number] = {
  index: 0,
  status: 'queued',
  seed: 0,
  progress: 0,
  tries: 0,
  output: null,
  outputs: [],
  preview_url: null,
  error: null,
  started_at: null,
  completed_at: null,
};
