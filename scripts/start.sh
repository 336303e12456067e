#!/bin/sh
# Checks what Limner needs and says where to put what is missing, then starts it. Arguments are passed to the server.
case "$0" in
  */*) cd "${0%/*}/.." || exit 1 ;;
  *) cd .. || exit 1 ;;
esac

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
  zh* | ZH*) say() { printf '%s\n' "$2"; } ;;
  *) say() { printf '%s\n' "$1"; } ;;
esac

if ! command -v node >/dev/null 2>&1; then
  say 'Node is not installed. Install the current LTS from https://nodejs.org and run this again.' \
    '未安装 Node。请从 https://nodejs.org 安装当前的 LTS 版本，然后重新运行。'
  exit 1
fi
node scripts/node-version.mjs || exit 1
say "Node $(node --version)" "Node $(node --version)"

# Installs packages and builds, where that is needed.
limner() { node packages/cli/bin/limner.js "$@"; }
limner --help >/dev/null || exit 1
say 'Packages and build: complete' '软件包和构建：完整'

say 'Model files of FLUX on the ComfyUI servers:' 'ComfyUI 服务器上的 FLUX 模型文件：'
found=$(limner models list flux-schnell) || exit 1
printf '%s\n' "$found"
case "$found" in
  *'
  '*)
    say 'Limner starts without them, with its built-in painter. Files that you add are found while it runs.' \
      '没有它们也能启动，由内置画师绘制。之后添加的文件会在运行中被发现。'
    ;;
esac

exec node scripts/start.mjs "$@"
