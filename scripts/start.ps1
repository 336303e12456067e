# Checks what Limner needs and says where to put what is missing, then starts it. Arguments are passed to the server.
# Run it with: powershell -ExecutionPolicy Bypass -File scripts\start.ps1
$ErrorActionPreference = 'Stop'
# Programs say by their exit codes how they ended; PowerShell 7.4 would end the script with an error of its own.
$PSNativeCommandUseErrorActionPreference = $false
Set-Location (Join-Path $PSScriptRoot '..')

$isChinese = (Get-Culture).Name -like 'zh*'
function Say($english, $chinese) { if ($isChinese) { Write-Host $chinese } else { Write-Host $english } }
if ($isChinese -and -not $env:LANG) { $env:LANG = 'zh_CN.UTF-8' }

if (-not (Get-Command node -ErrorAction SilentlyContinue)) {
  Say 'Node is not installed. Install the current LTS from https://nodejs.org and run this again.' `
    '未安装 Node。请从 https://nodejs.org 安装当前的 LTS 版本，然后重新运行。'
  exit 1
}
node scripts/node-version.mjs
if ($LASTEXITCODE -ne 0) { exit 1 }
Write-Host "Node $(node --version)"

# Installs packages and builds, where that is needed.
node packages/cli/bin/limner.js --help | Out-Null
if ($LASTEXITCODE -ne 0) { exit 1 }
Say 'Packages and build: complete' '软件包和构建：完整'

Say 'Model files of FLUX on the ComfyUI servers:' 'ComfyUI 服务器上的 FLUX 模型文件：'
# Node writes UTF-8, and PowerShell reads the code page of the console, if there is one.
function SetEncoding($encoding) { try { [Console]::OutputEncoding = $encoding } catch { } }
$encoding = [Console]::OutputEncoding
SetEncoding (New-Object System.Text.UTF8Encoding $false)
$found = @(node packages/cli/bin/limner.js models list flux-schnell)
$code = $LASTEXITCODE
SetEncoding $encoding
if ($code -ne 0) { exit 1 }
$found | ForEach-Object { Write-Host $_ }
if ($found -match '^  ') {
  Say 'Limner starts without them, with its built-in painter. Files that you add are found while it runs.' `
    '没有它们也能启动，由内置画师绘制。之后添加的文件会在运行中被发现。'
}

node scripts/start.mjs @args
exit $LASTEXITCODE
