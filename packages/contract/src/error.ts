/**
 * Every refusal and failure has a code from this table: an HTTP status and one sentence in each language that says what
 * happened and what to do. `{name}` in a sentence is filled from the error's `data`. Errors that may pass by themselves
 * are `transient`.
 */
import { z } from 'zod';
import { zh } from './chinese-spacing.ts';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of the shell: Chinese, or English for all others. */
export function localeLanguage(environ: Record<string, string | undefined>): Language {
  const locale = environ.LC_ALL || environ.LC_MESSAGES || environ.LANG || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}

interface ErrorEntry {
  status: number;
  en: string;
  zh: string;
  /** A frame with this error is tried again. */
  again: boolean;
}

const entry = (status: number, en: string, zh: string): ErrorEntry => ({ status, en, zh, again: false });

/** For errors that may not occur on the next try. */
const transient = (status: number, en: string, zh: string): ErrorEntry => ({ status, en, zh, again: true });

export const ERRORS = {
  // what was sent
  invalid_request: entry(400, '{field}: {reason}', '{field}：{reason}'),
  invalid_json: entry(400, 'The body is not valid JSON.', '请求正文不是有效的 JSON。'),
  unsupported_body: entry(415, 'This route accepts {expected}.', '此接口只接受 {expected}。'),
  body_too_large: entry(413, 'The request is larger than {limit}.', '请求超过 {limit} 上限。'),
  file_too_large: entry(413, 'This file is larger than the limit of {limit}.', '文件超过 {limit} 上限。'),
  file_missing: entry(
    400,
    'No file was sent. Send it as the multipart field "file".',
    '没有收到文件，请以 multipart 字段 “file” 发送。',
  ),
  file_type: entry(
    415,
    'This file is {kind}, which Limner does not read. Send PNG, JPEG, WebP, GIF, AVIF or TIFF.',
    '该文件为 {kind}，Limner 无法读取。请使用 PNG、JPEG、WebP、GIF、AVIF 或 TIFF。',
  ),
  file_broken: entry(
    422,
    'This picture is damaged or incomplete. Export it again.',
    '图片已损坏或不完整，请重新导出。',
  ),
  picture_memory: entry(
    507,
    'There was not enough memory to decode this picture. Make it smaller, or try again later.',
    '内存不足，无法解码这张图片。请缩小图片，或稍后再试。',
  ),
  picture_damaged: entry(
    422,
    'The stored file of this picture is empty, incomplete or changed. Restore it from a backup, or make the picture again.',
    '这张图片的存储文件为空、不完整或已被改动。请从备份恢复，或重新生成。',
  ),
  too_many_pixels: entry(
    422,
    'This picture is {width} × {height}. The limit is {limit} megapixels.',
    '图片为 {width} × {height}，超过 {limit} 百万像素上限。',
  ),
  result_too_large: entry(
    422,
    'Enlarged {factor} times, this picture would be {width} × {height}. The limit is {limit} megapixels and {side} pixels per side. Use a smaller factor or a smaller picture.',
    '放大 {factor} 倍后图片将为 {width} × {height}，上限为 {limit} 百万像素、单边 {side} 像素：请降低倍数或缩小图片。',
  ),
  url_refused: entry(
    422,
    '{host} is inside a private network, and Limner fetches from public addresses only. Save the picture and upload it.',
    '{host} 位于内部网络，Limner 只从公网地址获取图片。请先保存图片，再上传。',
  ),
  url_failed: transient(
    502,
    'The picture could not be fetched from {host}: {reason}. Save the picture and upload it.',
    '未能从 {host} 取得图片：{reason}。请保存后再上传。',
  ),
  image_not_found: entry(
    404,
    'There is no picture "{ref}". Upload it, or use an output of a finished task.',
    '找不到图片「{ref}」，请上传，或使用已完成任务的图片。',
  ),
  not_a_picture: entry(
    422,
    '"{ref}" is no picture but {media_type}. Of a video, take one of its frames: the viewer makes a picture of the frame it shows, and kept frames and the poster are pictures.',
    '「{ref}」不是图片，而是 {media_type}。视频请取其中一帧：查看器可将当前帧用作图片，保留的各帧和封面也是图片。',
  ),
  input_image_missing: entry(
    422,
    'This needs an input picture. Upload one first.',
    '此操作需要输入图片，请先上传。',
  ),
  mask_missing: entry(
    422,
    'Inpainting needs an input picture and a mask, or sides at which the picture is extended (outpaint).',
    '局部重绘需要输入图片和蒙版，或指定要扩展的边（outpaint）。',
  ),
  extended_too_large: entry(
    422,
    'Extended, this picture would be {width} × {height}. The limit is {side} pixels per side and {limit} megapixels. Extend it less, or use a smaller picture.',
    '扩展后图片将为 {width} × {height}，上限为单边 {side} 像素、{limit} 百万像素：请减小扩展范围，或使用更小的图片。',
  ),
  // who asked
  account_needed: entry(401, 'This needs an account. Sign in first.', '此操作需要账户，请先登录。'),
  not_allowed: entry(
    403,
    'Only an administrator of this studio may do this.',
    '只有本工作室的管理员可以执行此操作。',
  ),
  // what was asked for
  lane_not_found: entry(404, 'Lane {id} does not exist.', '队列「{id}」不存在。'),
  task_not_waiting: entry(
    409,
    'Task {id} is not waiting in this lane any more.',
    '任务 {id} 已不在此队列中等待。',
  ),
  route_not_found: entry(404, '{path} does not exist.', '{path} 不存在。'),
  method_not_allowed: entry(405, '{path} does not support {method}.', '{path} 不支持 {method}。'),
  task_not_found: entry(404, 'There is no task {id}.', '任务 {id} 不存在。'),
  frame_not_found: entry(404, 'Task {id} has no picture {index}.', '任务 {id} 没有第 {index} 张图。'),
  file_not_found: entry(404, 'There is no file {name}.', '文件 {name} 不存在。'),
  style_not_found: entry(404, 'There is no style {id}.', '风格 {id} 不存在。'),
  style_protected: entry(409, 'The base style cannot be changed or deleted.', '基础风格不能修改或删除。'),
  style_name_taken: entry(409, 'There is a style called "{name}" already.', '已有名为「{name}」的风格。'),
  style_in_use: entry(
    409,
    'Task {task} still uses this style. Cancel that task, or delete the style after the task has ended.',
    '任务 {task} 仍在使用此风格。请取消该任务，或等它结束后再删除。',
  ),
  wildcard_not_found: entry(
    404,
    'There is no wildcard "{name}". {nearest}Create it in Settings → Wildcards, as a text file in the folder "wildcards" of the data folder, or with POST /api/wildcards. If it is plain text, write \\__ for __.',
    '没有通配符「{name}」。{nearest}请在「设置 → 通配符」中新建，也可在数据目录的 wildcards 文件夹中添加同名文本文件，或使用 POST /api/wildcards；如果只是普通文字，请把 __ 写成 \\__。',
  ),
  wildcard_circle: entry(
    422,
    'These wildcards name each other in a circle: {circle}. Remove one of the names from its file.',
    '通配符循环引用：{circle}。请从其中一个文件里去掉该引用。',
  ),
  wildcard_unusable: entry(
    422,
    'The wildcard "{name}" cannot be used: {reason}.',
    '无法使用通配符「{name}」：{reason}。',
  ),
  wildcard_changed: entry(
    409,
    'The wildcard "{name}" was changed or created meanwhile. Read it again before you save.',
    '通配符「{name}」已被他人修改或创建，请重新读取后再保存。',
  ),
  wildcard_name_taken: entry(
    409,
    'There is a wildcard "{name}" already. Choose another name, or delete that one first.',
    '已有通配符「{name}」。请换一个名称，或先删除它。',
  ),
  wildcard_shared: entry(
    409,
    'The wildcard "{name}" is one of several in the file {file} of the folder "wildcards". Change it there.',
    '通配符「{name}」与其他通配符同在 wildcards 文件夹的 {file} 中，请直接修改该文件。',
  ),
  dataset_not_found: entry(404, 'There is no data set {id}.', '数据集 {id} 不存在。'),
  dataset_name_taken: entry(
    409,
    'There is a data set called "{name}" already.',
    '已有名为「{name}」的数据集。',
  ),
  dataset_in_use: entry(
    409,
    'Training {task} still learns from this data set. Cancel that training, or delete the set after it has ended.',
    '训练任务 {task} 仍在使用此数据集。请取消该任务，或等它结束后再删除。',
  ),
  dataset_empty: entry(
    422,
    'The data set "{name}" has no pictures. Add some first.',
    '数据集「{name}」没有图片，请先添加。',
  ),
  dataset_full: entry(
    422,
    'A data set holds at most {limit} pictures. Remove some, or use a second set.',
    '一个数据集最多 {limit} 张图片。请移除一些，或另建数据集。',
  ),
  dataset_picture_not_found: entry(
    404,
    'The data set has no picture {id}. It was removed.',
    '数据集中没有图片 {id}，它已被移除。',
  ),
  dataset_changed: transient(
    409,
    'The data set was changed while the training was made. Send the request again.',
    '创建训练任务时数据集有改动，请重新发送请求。',
  ),
  dataset_work_not_found: entry(
    404,
    'There is no work {id} on this data set.',
    '此数据集没有编号为 {id} 的操作。',
  ),
  folder_not_found: entry(
    404,
    'There is no folder "{name}" with pictures in "datasets" of the data folder.',
    '数据目录的 datasets 中没有名为「{name}」且含有图片的文件夹。',
  ),
  link_refused: entry(
    422,
    'This is a link, and links may lead out of the data folder. Put the file itself there.',
    '这是一个链接，可能指向数据目录之外。请放入文件本身。',
  ),
  caption_alone: entry(
    422,
    'No picture has this name. A caption has the name of its picture, such as cat.txt for cat.png.',
    '没有与此同名的图片。说明文件应与图片同名，例如 cat.png 对应 cat.txt。',
  ),
  archive_broken: entry(
    422,
    'This ZIP archive is damaged or incomplete: {reason}. Make it again.',
    'ZIP 压缩包已损坏或不完整：{reason}。请重新打包。',
  ),
  archive_too_many: entry(
    422,
    'This archive has {count} entries. The limit is {limit}.',
    '压缩包含 {count} 个条目，上限为 {limit} 个。',
  ),
  entry_encrypted: entry(
    422,
    'This file is encrypted. Make the archive without a password.',
    '该文件已加密，请重新打包且不设密码。',
  ),
  entry_name_refused: entry(
    422,
    'The name of this file leads out of the archive ({reason}). It was not read.',
    '该文件名指向压缩包之外（{reason}），未读取。',
  ),
  entry_method: entry(
    422,
    'This file is compressed in a way that Limner does not read (method {method}). Use Deflate or no compression.',
    '该文件的压缩方式无法读取（方式 {method}）。请使用 Deflate 或不压缩。',
  ),
  entry_damaged: entry(
    422,
    'This file is damaged in the archive. Make the archive again.',
    '该文件在压缩包中已损坏，请重新打包。',
  ),
  archive_nested: entry(
    422,
    'Archives within archives are not opened. Add this one by itself.',
    '不会打开压缩包中的压缩包，请单独添加。',
  ),
  archive_expands: entry(
    422,
    'With {name}, the archive unpacks to more than {limit} times its size, so that file and the rest were not read. Take large files that are no pictures out of it.',
    '读到「{name}」时，压缩包解开后已超过自身大小的 {limit} 倍，因此未读取该文件及其余内容。请移除其中不是图片的大文件。',
  ),
  captioner_missing: entry(
    422,
    'No model that describes pictures is here. Set CAPTION_URL and CAPTION_MODEL to an endpoint that speaks OpenAI chat completions and reads pictures, or add Qwen3-VL to the text encoders of a ComfyUI server (0.33 or newer).',
    '没有能描述图片的模型。请将 CAPTION_URL 和 CAPTION_MODEL 设为兼容 OpenAI chat completions 且能读图的接口，或在 ComfyUI 服务器（0.33 或更高版本）的文本编码器中添加 Qwen3-VL。',
  ),
  captioner_failed: transient(
    502,
    '{host} did not describe the picture: {reason}',
    '{host} 未能描述图片：{reason}',
  ),
  preset_not_found: entry(404, 'There is no preset {id}.', '预设 {id} 不存在。'),
  preset_damaged: entry(
    409,
    'The settings of the preset "{name}" are damaged. Save it again, or delete it.',
    '预设「{name}」的设置已损坏。请重新保存，或将其删除。',
  ),
  workflows_too_large: entry(
    409,
    'All workflows together may have {limit} megabytes. Remove some first.',
    '所有工作流合计不能超过 {limit} MB。请先移除一些。',
  ),
  preset_name_taken: entry(409, 'There is a preset called "{name}" already.', '已有名为「{name}」的预设。'),
  key_reused: entry(
    422,
    'This Idempotency-Key was used for another request. Send each request with a key of its own.',
    '该 Idempotency-Key 已用于另一个请求，请为每个请求使用不同的值。',
  ),
  webhook_not_found: entry(404, 'There is no webhook {id}.', 'Webhook {id} 不存在。'),
  delivery_not_found: entry(404, 'There is no delivery {id}.', '投递 {id} 不存在。'),
  webhook_disabled: entry(
    409,
    'Webhook {id} is switched off. Switch it on first.',
    'Webhook {id} 已停用，请先启用。',
  ),
  webhook_exists: entry(
    409,
    'Webhook {id} has this address already. Change that one, or remove it first.',
    'Webhook {id} 已使用此地址，请直接修改该 Webhook，或先将其删除。',
  ),
  webhook_refused: entry(
    422,
    '{host} is inside a private network. Set WEBHOOKS_TO_PRIVATE_ADDRESSES=true to let webhooks reach it.',
    '{host} 位于内部网络。如需允许 Webhook 访问，请设置 WEBHOOKS_TO_PRIVATE_ADDRESSES=true。',
  ),
  webhook_failed: transient(
    502,
    'The delivery to {host} failed: {reason}.',
    '向 {host} 投递失败：{reason}。',
  ),
  webhook_gone: entry(
    410,
    '{host} answered that it is gone (410), so the webhook is switched off.',
    '{host} 表示地址已失效（410），此 Webhook 已停用。',
  ),
  picture_in_use: entry(
    409,
    'Task {task} still needs this picture. Cancel that task, or delete the picture after the task has ended.',
    '任务 {task} 仍需要这张图片。请取消该任务，或等它结束后再删除。',
  ),
  repair_running: entry(
    409,
    'A repair is running already. Its progress: GET /api/storage/repair, limner tasks repair, or Settings → Storage.',
    '修复正在进行中。进度见 GET /api/storage/repair、limner tasks repair，或设置 → 存储。',
  ),
  bin_item_not_found: entry(
    404,
    '"{ref}" is not in the bin. It was restored, or removed for good.',
    '回收站中没有“{ref}”：它已被恢复或已彻底删除。',
  ),
  bin_task_missing: entry(
    409,
    'This picture belongs to task {task}, which was deleted too. Restore the task first.',
    '该图片所属的任务 {task} 也已删除，请先恢复任务。',
  ),
  picture_of_run: entry(
    409,
    'This picture belongs to training run {task}. It is deleted with the run.',
    '这张图片属于训练任务 {task}，删除该训练任务时会一并删除。',
  ),
  style_step_missing: entry(
    422,
    'The training of the style "{style}" keeps no LoRA of step {step}. It keeps these steps: {steps}.',
    '风格「{style}」的训练没有保留第 {step} 步的 LoRA，保留的步数：{steps}。',
  ),
  checkpoint_not_found: entry(
    404,
    'Training run {task} keeps no LoRA of step {step}. Choose one of the steps that its page lists.',
    '训练任务 {task} 没有保留第 {step} 步的 LoRA，请从其页面列出的步数中选择。',
  ),
  zip_empty: entry(422, 'Your choice contains no finished picture.', '所选内容中没有已完成的图片。'),
  zip_too_many: entry(
    422,
    'You chose {count} pictures. An archive holds at most {limit}. Choose fewer.',
    '所选图片共 {count} 张，一个压缩包最多 {limit} 张，请少选一些。',
  ),
  no_layers: entry(
    422,
    'The picture "{ref}" has no layers. Only pictures that were painted or taken apart in layers have them.',
    '图片「{ref}」没有图层。只有分层绘制或拆分得到的图片才有图层。',
  ),
  animation_empty: entry(
    422,
    'An animation needs at least one frame. Choose pictures, or a video whose frames were kept.',
    '动画至少需要一帧。请选择图片，或选择保留了各帧的视频。',
  ),
  animation_too_long: entry(
    422,
    'This animation would have {count} frames. The limit is {limit}. Choose fewer frames, for example every second one.',
    '动画将有 {count} 帧，上限为 {limit} 帧。请减少帧数，例如每两帧取一帧。',
  ),
  animation_sizes: entry(
    422,
    'The frames of an animation have one size: the first is {width} × {height}, and number {number} is {other_width} × {other_height}. Choose pictures of one size.',
    '动画各帧的尺寸必须一致：第一帧为 {width} × {height}，第 {number} 帧为 {other_width} × {other_height}。请选择同样尺寸的图片。',
  ),
  animation_rate: entry(
    422,
    'A GIF shows at most {limit} frames per second, because its times are hundredths of a second and players slow shorter ones down. Use a lower rate, WebP or APNG.',
    'GIF 每秒最多 {limit} 帧：其计时单位为百分之一秒，更短的间隔会被播放器放慢。请降低帧率，或改用 WebP、APNG。',
  ),
  sheet_too_large: entry(
    422,
    'This sheet would be {width} × {height}. The limit is {side} pixels per side and {limit} megapixels. Reduce the frames (max_side), choose fewer, or use another number of columns.',
    '拼合图将为 {width} × {height}，上限为单边 {side} 像素、{limit} 百万像素。请缩小各帧（max_side）、减少帧数，或调整列数。',
  ),
  video_frames_missing: entry(
    422,
    'The frames of the video "{ref}" were not kept. Make it with "Keep every frame" (keep_frames), or export it in the web interface, where the browser reads the frames.',
    '视频「{ref}」没有保留各帧。请在生成时勾选“保留每一帧”（keep_frames），或在网页中导出，由浏览器读取各帧。',
  ),
  encoder_failed: transient(
    502,
    '{encoder} did not make the file: {reason}',
    '{encoder} 未能生成文件：{reason}',
  ),
  zip_gone: entry(
    404,
    'This archive has expired. Choose the pictures again.',
    '该压缩包已失效，请重新选择图片。',
  ),
  task_not_cancellable: entry(
    409,
    'Task {id} has ended; there is nothing to cancel.',
    '任务 {id} 已结束，没有可取消的。',
  ),
  task_cancelled: entry(409, 'Task {id} was cancelled.', '任务 {id} 已取消。'),
  task_nothing_to_retry: entry(
    409,
    'Task {id} has no failed or cancelled picture.',
    '任务 {id} 没有失败或已取消的图。',
  ),
  plan_unreadable: entry(
    422,
    'This version of Limner cannot read what task {id} is made from. Update Limner, or make the task anew.',
    '此版本的 Limner 无法读取任务 {id} 的内容。请更新 Limner，或重新创建任务。',
  ),
  family_not_found: entry(
    404,
    'There is no model family "{family}". See GET /api/families.',
    '没有名为「{family}」的模型，见 GET /api/families。',
  ),
  workflow_gone: entry(
    404,
    'The workflow "{family}" is not on this Limner, or is turned off. Import it, or turn it on under Settings → Workflows.',
    '此 Limner 上没有工作流「{family}」，或它已停用。请在“设置 → 工作流”中导入或启用。',
  ),
  family_unavailable: entry(422, '{family} cannot run here: {reason}', '{family} 无法在此运行：{reason}'),
  unsupported: entry(422, '{family} cannot do this: {reason}', '{family} 不支持：{reason}'),
  models_missing: entry(422, '{missing}', '{missing}'),
  size_not_supported: entry(
    422,
    '{family} makes pictures with sides of {min} to {max} pixels.',
    '{family} 支持的边长为 {min} 至 {max} 像素。',
  ),
  grid_not_found: entry(404, 'There is no grid {id}.', '网格 {id} 不存在。'),
  grid_axis: entry(400, 'Axis {axis}: {reason}', '{axis} 轴：{reason}'),
  grid_too_large: entry(
    422,
    'This grid would have {count} cells. The limit is {limit}. Use fewer values.',
    '该网格将有 {count} 格，上限为 {limit} 格，请减少取值。',
  ),
  grid_sheet_too_large: entry(
    422,
    'This sheet would be {width} × {height}. The limit is {limit} megapixels and {side} pixels per side. Use smaller cells.',
    '拼图将为 {width} × {height}，上限为 {limit} 百万像素、单边 {side} 像素，请缩小单格尺寸。',
  ),
  queue_short: transient(
    503,
    'These {tasks} tasks do not fit into the queue: {count} of {limit} places are taken. Try again when some tasks have ended, or make fewer.',
    '队列放不下这 {tasks} 个任务：{limit} 个位置中已占用 {count} 个。请等部分任务结束后再试，或减少数量。',
  ),
  queue_full: transient(
    503,
    '{count} tasks are waiting already. Try again when some have ended.',
    '已有 {count} 个任务在排队，请稍后再试。',
  ),
  // who asks
  origin_refused: entry(
    403,
    'Requests from {origin} are not allowed at the host "{host}". If {origin} is Limner behind a reverse proxy, the proxy must pass on the Host header with its port (nginx: proxy_set_header Host $http_host;). Otherwise add it to CORS_ORIGINS.',
    '主机「{host}」不允许来自 {origin} 的请求。若 {origin} 就是反向代理后的画匠，代理必须原样转发 Host 请求头（含端口；nginx：proxy_set_header Host $http_host;）。否则请将其加入 CORS_ORIGINS。',
  ),
  host_refused: entry(
    421,
    'This server does not answer for the host "{host}". Add it to ALLOWED_HOSTS.',
    '本服务不响应主机「{host}」，请将其加入 ALLOWED_HOSTS。',
  ),
  host_missing: entry(
    400,
    'The request names no host. A reverse proxy must pass on the Host header (nginx: proxy_set_header Host $http_host;).',
    '请求没有 Host 请求头。反向代理必须转发它（nginx：proxy_set_header Host $http_host;）。',
  ),
  rate_limited: entry(
    429,
    'Too many requests. Try again in {seconds} s.',
    '请求过多，请在 {seconds} 秒后重试。',
  ),
  // what a client finds in front of Limner
  proxy_too_large: entry(
    413,
    'The reverse proxy in front of Limner refused this upload as too large. Raise its limit (nginx: client_max_body_size).',
    '画匠前的反向代理拒绝了此上传，因为文件过大。请调高其上限（nginx：client_max_body_size）。',
  ),
  proxy_without_sockets: entry(
    502,
    'The reverse proxy in front of Limner does not pass on WebSockets, so this page asks for news every two seconds. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
    '画匠前的反向代理没有转发 WebSocket，因此此页面改为每两秒查询一次进展。nginx：proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
  ),
  proxy_answered: entry(
    502,
    'HTTP {status} came from a reverse proxy, not from Limner. Check that Limner runs, the address that the proxy forwards to, and BASE_PATH.',
    'HTTP {status} 来自反向代理，而不是画匠。请检查画匠是否在运行、代理的转发地址，以及 BASE_PATH。',
  ),
  // what happened while painting
  frame_timeout: transient(
    504,
    'The engine made no progress for {seconds} s. The picture was stopped.',
    '引擎 {seconds} 秒没有进展，已停止这张图。',
  ),
  no_image: transient(502, '{engine} finished without a picture.', '{engine} 没有产出图片。'),
  engine_failed: transient(502, '{engine} failed: {reason}', '{engine} 出错：{reason}'),
  engine_died: transient(502, '{engine} stopped unexpectedly while painting.', '{engine} 在绘制时意外退出。'),
  engine_unreachable: transient(503, '{engine} at {url} does not answer.', '{engine}（{url}）没有响应。'),
  engine_not_responding: transient(
    504,
    '{engine} at {url} is not responding: it accepts connections but does not answer. If this continues, restart it.',
    '{engine}（{url}）无响应：能够连接，但没有回应。若持续如此，请重启它。',
  ),
  engine_answer_too_large: entry(
    502,
    '{engine} at {url} sent more than {limit} in one answer, more than ComfyUI ever sends. Check its address.',
    '{engine}（{url}）单次返回超过 {limit}，不像 ComfyUI 的行为，请检查其地址。',
  ),
  engine_auth: entry(
    502,
    '{engine} at {url} rejects the credentials. Check its token.',
    '{engine}（{url}）拒绝了凭据，请检查令牌。',
  ),
  engine_refused: entry(
    502,
    '{engine} refused the job: node {node}, {field}: {reason}',
    '{engine} 拒绝了任务：节点 {node}，{field}：{reason}',
  ),
  engine_node_failed: transient(
    502,
    '{engine} failed in node {node}: {reason}',
    '{engine} 在节点 {node} 出错：{reason}',
  ),
  engine_upload_too_large: entry(
    502,
    '{engine} accepts uploads up to {limit}. Start ComfyUI there with a larger --max-upload-size.',
    '{engine} 上传上限为 {limit}，请以更大的 --max-upload-size 启动该 ComfyUI。',
  ),
  out_of_memory: transient(
    507,
    '{engine} ran out of memory. Use a smaller size or a smaller model.',
    '{engine} 内存或显存不足，请减小尺寸或换更小的模型。',
  ),
  job_lost: transient(
    502,
    '{engine} no longer has this job. It was restarted, or its queue was cleared.',
    '{engine} 中已没有该任务，可能已重启或队列被清空。',
  ),
  workflow_not_found: entry(404, 'There is no workflow "{id}".', '没有名为「{id}」的工作流。'),
  workflow_name_taken: entry(
    409,
    'There is a workflow called "{name}" already. Send "replace": true to replace it, "keep_both": true to keep both, or choose another name.',
    '已有名为「{name}」的工作流。若要替换，请发送 "replace": true；若要同时保留，请发送 "keep_both": true；否则请换个名称。',
  ),
  workflows_too_many: entry(
    409,
    'There are {limit} workflows already, which is the limit. Remove one first.',
    '已有 {limit} 个工作流，达到上限。请先移除一个。',
  ),
  workflow_newer: entry(
    422,
    'This workflow file has format version {version}; this Limner reads up to {known}. Update Limner and import it again.',
    '此工作流文件的格式版本为 {version}，当前 Limner 最高支持 {known}。请更新 Limner 后重新导入。',
  ),
  workflow_example: entry(
    409,
    'Examples of Limner cannot be changed, removed or replaced. Import a copy under another name.',
    'Limner 自带的示例不能修改、移除或替换。请以其他名称导入副本。',
  ),
  engine_known: entry(409, 'The server at {url} is in the list already.', '服务器 {url} 已在列表中。'),
  engine_fixed: entry(
    409,
    '{engine} comes from COMFYUI_URL. Remove it there, or disable it here.',
    '「{engine}」来自 COMFYUI_URL，请在那里移除，或在此停用。',
  ),
  model_unknown: entry(
    404,
    'Limner knows no published file "{file}". Put the file into the folder of its kind on the server.',
    'Limner 不认识名为「{file}」的已发布文件。请将文件放入服务器上对应类型的目录。',
  ),
  model_present: entry(409, '{engine} has {file} already.', '「{engine}」已有 {file}。'),
  download_unavailable: entry(
    409,
    '{engine} cannot download {file}: {reason}',
    '「{engine}」无法下载 {file}：{reason}',
  ),
  download_failed: entry(
    502,
    '{engine} did not download {file}: {reason}',
    '「{engine}」未能下载 {file}：{reason}',
  ),
  pack_unknown: entry(
    404,
    '{engine} lacks no node of a pack "{pack}". See GET /api/models/packs.',
    '「{engine}」并不缺少扩展「{pack}」中的节点，见 GET /api/models/packs。',
  ),
  pack_unavailable: entry(
    409,
    '{engine} cannot install {pack}: {reason}',
    '「{engine}」无法安装 {pack}：{reason}',
  ),
  download_running: entry(
    409,
    '{engine} is still downloading {file}. ComfyUI-Manager offers no way to stop it.',
    '「{engine}」仍在下载 {file}。ComfyUI-Manager 不支持中途停止。',
  ),
  download_not_found: entry(404, 'There is no download {id}.', '没有编号为 {id} 的下载。'),
  engine_unknown: entry(404, 'There is no engine "{id}".', '没有名为「{id}」的引擎。'),
  trainer_not_found: entry(
    404,
    'There is no trainer "{trainer}". See GET /api/trainers.',
    '没有名为「{trainer}」的训练器，见 GET /api/trainers。',
  ),
  trainer_failed: transient(502, '{trainer}: {reason}.{said} {cure}', '「{trainer}」{reason}。{said}{cure}'),
  training_images: entry(
    422,
    '{trainer} trains on {min} to {max} pictures. There are {count}.',
    '「{trainer}」需要 {min} 至 {max} 张图片，现有 {count} 张。',
  ),
  training_param: entry(
    422,
    '{label} must be from {min} to {max} for {trainer}. {hint}',
    '「{trainer}」的{label}必须在 {min} 到 {max} 之间。{hint}',
  ),
  caption_unreadable: entry(
    422,
    '{name} cannot be read as text. Save it as UTF-8.',
    '无法读取「{name}」的文字，请另存为 UTF-8。',
  ),
  caption_too_long: entry(
    422,
    'The caption of {name} is longer than {max} characters. Shorten it.',
    '「{name}」的说明超过 {max} 个字符，请缩短。',
  ),
  training_blank: entry(
    422,
    'Picture {number} of the training is completely transparent. Remove it.',
    '训练用的第 {number} 张图片完全透明，请移除。',
  ),
  style_family: entry(
    422,
    'The style "{style}" was trained for {family}. Choose that model, or another style.',
    '风格「{style}」是为「{family}」训练的，请改用该模型或换一个风格。',
  ),
  lora_missing: entry(
    422,
    'The file of the style "{style}" is missing. Train the style again.',
    '风格「{style}」的文件已丢失，请重新训练。',
  ),
  lora_broken: entry(
    422,
    'This is not a whole LoRA file in the safetensors format: {reason}.',
    '这不是完整的 safetensors 格式 LoRA 文件：{reason}。',
  ),
  lora_unknown: entry(
    422,
    '{count} of its {total} tensors belong to no model that Limner knows{nearest}, for example {example}. ComfyUI would leave them out without a word, so the file is not taken.',
    '共 {total} 个张量中有 {count} 个不属于画匠认识的任何模型{nearest}，例如 {example}。ComfyUI 会不作提示地忽略它们，因此未接收该文件。',
  ),
  lora_is_model: entry(
    422,
    'This is a whole model (a checkpoint, a VAE or a text encoder), not a LoRA: it has tensors such as {example}. It belongs in a models folder of ComfyUI.',
    '这是完整的模型（检查点、VAE 或文本编码器），不是 LoRA：其中有 {example} 等张量。请把它放进 ComfyUI 的模型文件夹。',
  ),
  lora_unclear: entry(
    422,
    'This LoRA fits several models: {models}. Name the one it was trained for.',
    '该 LoRA 适用于多个模型：{models}。请指明它是为哪个模型训练的。',
  ),
  lora_other_model: entry(
    422,
    'This LoRA fits {models}, not {named}. Name a model that it fits, or none.',
    '该 LoRA 适用于 {models}，不适用于 {named}。请指明它适用的模型，或不指明模型。',
  ),
  lora_model_unknown: entry(
    422,
    'Limner knows no model "{named}" for LoRAs. Name one of these, or none: {models}.',
    '画匠不认识 LoRA 的模型「{named}」。请指明以下之一，或不指明：{models}。',
  ),
  lora_outdated: entry(
    422,
    'The style "{style}" was trained on an earlier version of {family}, whose weights have changed. Train it again.',
    '风格「{style}」基于旧版「{family}」训练，模型权重已更新，请重新训练。',
  ),
  nothing_recognised: entry(
    422,
    'The built-in library has none of these words: {words}. Try a plain thing, such as "a red dragon".',
    '内置图库里没有这些词：{words}。请试试简单的事物，例如「红色的龙」。',
  ),
  weights_damaged: entry(
    500,
    '{file} is damaged. Check it out again from the repository.',
    '{file} 已损坏，请从仓库重新检出。',
  ),
  // this machine
  disk_full: transient(
    507,
    'The disk is full. Nothing was lost. Free some space.',
    '磁盘已满，请清理空间；没有丢失任何内容。',
  ),
  database_unavailable: transient(
    503,
    'The database does not answer. Nothing was lost. Try again in a moment.',
    '数据库暂时没有响应。没有丢失任何内容，请稍后再试。',
  ),
  folder_unwritable: transient(
    507,
    'The data folder is not writable. The log names the path. Correct its owner or mount, then try again.',
    '数据文件夹无法写入，路径见日志。请修正其所有者或挂载后重试。',
  ),
  storage_unavailable: transient(
    503,
    'The bucket of the files does not answer. Nothing was lost. Try again in a moment.',
    '存放文件的存储桶暂时没有响应。没有丢失任何内容，请稍后再试。',
  ),
  storage_refused: transient(
    507,
    'The bucket of the files refuses Limner. The log names the reason. Correct the keys, their rights or the clock, then try again.',
    '存放文件的存储桶拒绝了 Limner，原因见日志。请修正密钥、权限或系统时钟后重试。',
  ),
  too_many_open: transient(
    503,
    'Too many files and connections are open. Try again in a moment. If this continues, raise the limit of open files (ulimit -n).',
    '同时打开的文件和连接过多，请稍后重试；若持续出现，请提高打开文件数上限（ulimit -n）。',
  ),
  shutting_down: transient(
    503,
    'Limner is stopping. Your tasks continue at the next start.',
    '画匠正在停止，任务会在下次启动后继续。',
  ),
  internal: transient(
    500,
    'Limner had an internal error ({id}). The log has the details.',
    '画匠内部出错（{id}），详情见日志。',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

export type ErrorData = Record<string, unknown>;

/** The `error` of an answer, a task or a frame. */
export const ErrorBody = z.object({
  code: ErrorCode,
  message: z.string(),
  /** Path of the field at fault, for example `controlnet.strength`. */
  field: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

export const ErrorAnswer = z.object({
  error: ErrorBody,
  /** The `x-request-id` of the request, by which it is found in the log of the server. */
  request_id: z.string().optional(),
});
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;

/**
 * The sentence for a code. A value may itself be `{en, zh}`; arrays are joined with commas.
 */
export function errorSentence(code: ErrorCode, language: Language, data: ErrorData = {}): string {
  // Every second part is the name of a value.
  const parts = ERRORS[code][language].split(/\{(\w+)\}/);
  const texts = parts.filter((_, index) => index % 2 === 0);
  const values = parts.filter((_, index) => index % 2 === 1).map((key) => plain(data[key], language));
  return language === 'zh' ? zh(texts, ...values) : String.raw({ raw: texts }, ...values);
}

function plain(value: unknown, language: Language): string {
  if (value === undefined || value === null) return '?';
  if (Array.isArray(value))
    return value.map((item) => plain(item, language)).join(language === 'zh' ? '、' : ', ');
  if (typeof value === 'object')
    return String((value as Record<string, unknown>)[language] ?? JSON.stringify(value));
  return String(value);
}

/** Thrown by the client and by the server; carries everything an answer needs. */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;
  readonly field: string | undefined;
  /** True if the frame should be tried again; the table's value unless given. */
  readonly again: boolean;

  constructor(
    code: ErrorCode,
    options: { data?: ErrorData; field?: string; cause?: unknown; again?: boolean } = {},
  ) {
    super(errorSentence(code, 'en', { field: options.field, ...options.data }), { cause: options.cause });
    this.name = 'StudioError';
    this.code = code;
    this.data = options.data ?? {};
    this.field = options.field;
    this.again = options.again ?? ERRORS[code].again;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  /** The same refusal, of another field. */
  inField(field: string): StudioError {
    return new StudioError(this.code, { data: this.data, field, cause: this, again: this.again });
  }

  body(language: Language = 'en'): ErrorBody {
    const message = errorSentence(this.code, language, { field: this.field, ...this.data });
    return {
      code: this.code,
      message,
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(Object.keys(this.data).length === 0 ? {} : { data: this.data }),
    };
  }
}

/** The error body with its message in another language, from its code and data. */
export function inLanguage(body: ErrorBody, language: Language): ErrorBody {
  return { ...body, message: errorSentence(body.code, language, { field: body.field, ...body.data }) };
}
