#!/usr/bin/env bash
# Installs WebKitGTK with its driver, and what it needs to run without a screen, for the tests in WebKit with apt, if the system
# has apt. GStreamer plays its sound into PulseAudio.
set -euo pipefail
cd "$(dirname "$0")/.."

if node scripts/find_webkit.mjs 2>/dev/null; then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo 'This system has no apt-get. Install WebKitGTK with WebKitWebDriver, Xvfb, D-Bus and PulseAudio as your' >&2
  echo 'system does it.' >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update
"${as_root[@]}" apt-get install -y --no-install-recommends webkit2gtk-driver xvfb xauth dbus pulseaudio \
  gstreamer1.0-pulseaudio gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav
node scripts/find_webkit.mjs
