#!/usr/bin/env bash
# Builds the LiveKit server for the room tests, with Go, into .cache/bin. Takes five minutes on one core.
set -euo pipefail
cd "$(dirname "$0")/.."
version=1.13.5

if node scripts/find_livekit_server.mjs 2>/dev/null; then
  exit 0
fi

if ! command -v go >/dev/null; then
  echo "This system has no Go, which builds the LiveKit server. Install Go (https://go.dev/dl), or livekit-server $version" >&2
  echo 'as your system does it, and set LIVEKIT_SERVER_PATH to its program if it is not on the PATH.' >&2
  exit 1
fi

mkdir -p .cache/bin
built=$(mktemp -d "$PWD/.cache/bin/build.XXXXXX")
trap 'rm -rf "$built"' EXIT
GOBIN="$built" go install "github.com/livekit/livekit-server/cmd/server@v$version"
# Moved only when complete, so that an interrupted build is not taken for a server.
mv "$built/server" ".cache/bin/livekit-server-$version"
node scripts/find_livekit_server.mjs
