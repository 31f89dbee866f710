#!/usr/bin/env bash
# Installs the Chromium for the browser tests with apt, if the system has apt.
set -euo pipefail
cd "$(dirname "$0")/.."

if node scripts/find_chromium.mjs 2>/dev/null; then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo 'This system has no apt-get. Install Chromium or Chrome as your system does it,' >&2
  echo 'and set CHROMIUM_PATH to its program if it is not on the PATH.' >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update
# On Ubuntu the package "chromium" is a snap, so other names are tried after it.
"${as_root[@]}" apt-get install -y --no-install-recommends chromium ||
  "${as_root[@]}" apt-get install -y --no-install-recommends chromium-browser
node scripts/find_chromium.mjs
