/** Why a bucket cannot be used, and the cure, for a start that fails. */
import type { Bilingual } from '@limner/contract';
import { StartProblem } from '../../start-problem.ts';
import { isUnreachable, s3ErrorName, s3Status } from './s3-error.ts';
import type { S3Place } from './s3-place.ts';

interface Refusal {
  place: S3Place;
  /** The setting or argument that names the bucket. */
  given: string;
  /** The name of the error, and its status where it has one. */
  reason: string;
  /** That Limner needed then, by its name at Amazon. */
  right: string;
  endpoint: string;
  cause: unknown;
}

/** `cause`: of the SDK or a socket. No secret is in the sentence. */
export function s3Problem(
  cause: unknown,
  { place, given, right }: Pick<Refusal, 'place' | 'given' | 'right'>,
): StartProblem {
  const [name, status] = [s3ErrorName(cause), s3Status(cause)];
  const reason = status === undefined ? name : `${name} ${status}`;
  const endpoint = place.endpoint ?? `s3.${place.region}.amazonaws.com`;
  const refusal = { place, given, reason, right, endpoint, cause };
  const texts =
    BY_NAME[name]?.(refusal) ??
    (isUnreachable(cause) ? unreachable(refusal) : null) ??
    (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(String((cause as { code?: string }).code))
      ? certificate(refusal)
      : null) ??
    (status === 301 || status === 400 ? wrongRegion(refusal) : null) ??
    (status === 404 ? noBucket(refusal) : null) ??
    (status === 401 || status === 403 ? noRight(refusal) : null) ??
    unknown(refusal);
  return new StartProblem(texts, { cause });
}

const noBucket = ({ place, given, endpoint }: Refusal): Bilingual => ({
  en: `There is no bucket "${place.bucket}" at ${endpoint}. Create it, or correct ${given}, S3_ENDPOINT or S3_REGION.`,
  zh: `${endpoint} 处没有存储桶“${place.bucket}”。请创建它，或修正 ${given}、S3_ENDPOINT 或 S3_REGION。`,
});

const noRight = ({ place, right, reason }: Refusal): Bilingual => ({
  en: `The keys have no right to ${right} below "${place.prefix}" in the bucket "${place.bucket}" (${reason}). Limner needs s3:PutObject, s3:GetObject, s3:DeleteObject, s3:AbortMultipartUpload, s3:ListBucket and s3:ListBucketMultipartUploads. Add the right to their policy, or use other keys.`,
  zh: `密钥在存储桶“${place.bucket}”的“${place.prefix}”下没有 ${right} 权限（${reason}）。Limner 需要 s3:PutObject、s3:GetObject、s3:DeleteObject、s3:AbortMultipartUpload、s3:ListBucket 和 s3:ListBucketMultipartUploads。请在其策略中加上该权限，或换用其他密钥。`,
});

const wrongKeys = ({ endpoint, reason }: Refusal): Bilingual => ({
  en: `${endpoint} does not accept the keys (${reason}). Correct S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.`,
  zh: `${endpoint} 不接受这对密钥（${reason}）。请修正 S3_ACCESS_KEY_ID 和 S3_SECRET_ACCESS_KEY。`,
});

const noKeys = ({ given }: Refusal): Bilingual => ({
  en: `${given} names a bucket and there are no keys for it. Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.`,
  zh: `${given} 指向存储桶，但没有可用的密钥。请设置 S3_ACCESS_KEY_ID 和 S3_SECRET_ACCESS_KEY。`,
});

const wrongRegion = ({ place, reason }: Refusal): Bilingual => ({
  en: `The bucket "${place.bucket}" is not in the region ${place.region}, or its address is written differently (${reason}). Correct S3_REGION, or set S3_FORCE_PATH_STYLE=${!place.forcePathStyle}.`,
  zh: `存储桶“${place.bucket}”不在区域 ${place.region}，或其地址写法不同（${reason}）。请修正 S3_REGION，或设置 S3_FORCE_PATH_STYLE=${!place.forcePathStyle}。`,
});

const unreachable = ({ endpoint, reason }: Refusal): Bilingual => ({
  en: `${endpoint} cannot be reached (${reason}). Check S3_ENDPOINT and the network, and that the storage runs.`,
  zh: `无法连接 ${endpoint}（${reason}）。请检查 S3_ENDPOINT 和网络，并确认存储服务正在运行。`,
});

const certificate = ({ endpoint, reason, cause }: Refusal): Bilingual => {
  const code = (cause as { code?: string }).code ?? reason;
  return {
    en: `The certificate of ${endpoint} is not trusted (${code}). Set NODE_EXTRA_CA_CERTS to the file of its authority.`,
    zh: `${endpoint} 的证书不受信任（${code}）。请将 NODE_EXTRA_CA_CERTS 设为其证书颁发机构的文件。`,
  };
};

const skewed = ({ endpoint, cause }: Refusal): Bilingual => {
  const minutes = minutesAhead(cause);
  const [en, zh] =
    minutes === null
      ? ['differs too much from', '相差过大']
      : [`is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead of' : 'behind'}`, `相差 ${minutes} 分钟`];
  return {
    en: `The clock of this machine ${en} that of ${endpoint}, which therefore refuses its requests. Set the clock, for example by turning time synchronisation (NTP) on.`,
    zh: `本机时钟与 ${endpoint} 的时钟${zh}，因此请求被拒绝。请校准时钟，例如开启时间同步（NTP）。`,
  };
};

const unknown = ({ place, reason, cause }: Refusal): Bilingual => {
  const text = cause instanceof Error ? cause.message : reason;
  return {
    en: `The bucket "${place.bucket}" cannot be used (${reason}): ${text}`,
    zh: `无法使用存储桶“${place.bucket}”（${reason}）：${text}`,
  };
};

/** How far this clock is ahead of the server's, from the date of its answer. */
function minutesAhead(cause: unknown): number | null {
  const { headers } = (cause as { $response?: { headers?: Record<string, string> } }).$response ?? {};
  const serverMs = Date.parse(headers?.date ?? '');
  return Number.isNaN(serverMs) ? null : Math.round((Date.now() - serverMs) / 60_000);
}

const BY_NAME: Record<string, ((refusal: Refusal) => Bilingual) | undefined> = {
  NoSuchBucket: noBucket,
  AccessDenied: noRight,
  InvalidAccessKeyId: wrongKeys,
  SignatureDoesNotMatch: wrongKeys,
  InvalidToken: wrongKeys,
  ExpiredToken: wrongKeys,
  CredentialsProviderError: noKeys,
  RequestTimeTooSkewed: skewed,
  PermanentRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
};
