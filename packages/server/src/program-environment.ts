/** The variables of the server's environment that a trainer's program gets: those it needs, and no secrets of Limner. */

const NAMES = new Set(
  [
    ...['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP'],
    ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
    ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
    ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'OMP_NUM_THREADS'],
    // Weights, and the token of their gated repositories.
    ...['HUGGING_FACE_HUB_TOKEN', 'TRANSFORMERS_CACHE', 'MODELS_PATH', 'MFLUX_CACHE_DIR'],
    // Windows starts no program without these.
    ...[
      'SYSTEMROOT',
      'SYSTEMDRIVE',
      'WINDIR',
      'COMSPEC',
      'PATHEXT',
      'USERPROFILE',
      'APPDATA',
      'LOCALAPPDATA',
    ],
    ...['PROGRAMDATA', 'PROGRAMFILES', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE'],
  ].map((name) => name.toUpperCase()),
);
const PREFIXES = /^(LC_|XDG_|HF_|CUDA_|NVIDIA_|NCCL_|HIP_|ROCR_|HSA_|PYTORCH_|TORCH_|TRITON_|MLX_|METAL_)/;

export function programEnvironment(
  environ: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environ)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (NAMES.has(upper) || PREFIXES.test(upper))) kept[name] = value;
  }
  // Output without delay and in UTF-8; one frame of a bar per second.
  return { ...kept, PYTHONUNBUFFERED: '1', PYTHONUTF8: '1', TQDM_MININTERVAL: '1' };
}
