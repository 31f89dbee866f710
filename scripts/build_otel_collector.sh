#!/usr/bin/env bash
# Builds an OpenTelemetry collector with Go, into .cache/bin, for the test of @oncue/otel. Takes some ten minutes on one core.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$PWD/.cache/bin/otel-collector-0.165.0
[ -x "$program" ] && exit 0

if ! command -v go >/dev/null; then
  echo 'This system has no Go, which builds the OpenTelemetry collector. Install Go (https://go.dev/dl).' >&2
  exit 1
fi

mkdir -p .cache/bin
# Moved only when complete, so that an interrupted build is not taken for a collector.
(cd scripts/otel_collector && go build -o "$program.part" .)
mv "$program.part" "$program"
