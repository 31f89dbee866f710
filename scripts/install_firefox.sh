#!/usr/bin/env bash
# Installs Firefox ESR and PulseAudio for the tests in Firefox with apt, if the system has apt. Firefox makes no sound, and its
# audio does not even begin, without a sound device: PulseAudio gives it one.
set -euo pipefail
cd "$(dirname "$0")/.."

if node scripts/find_firefox.mjs 2>/dev/null; then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo 'This system has no apt-get. Install Firefox and PulseAudio as your system does it,' >&2
  echo 'and set FIREFOX_PATH and PULSEAUDIO_PATH to the programs if they are not on the PATH.' >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update
# On Ubuntu there is no firefox-esr, and the package "firefox" is a snap.
"${as_root[@]}" apt-get install -y --no-install-recommends firefox-esr pulseaudio ||
  "${as_root[@]}" apt-get install -y --no-install-recommends firefox pulseaudio
node scripts/find_firefox.mjs
