#!/usr/bin/env bash
# Installs Rotel, a small OpenTelemetry collector, into .cache/bin, for the test of @oncue/otel. A wheel on PyPI holds its
# program. Takes some seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.0.1a15
program=$PWD/.cache/bin/rotel-$version
[ -x "$program" ] && exit 0

if ! python3 -m pip --version >/dev/null 2>&1; then
  echo 'This system has no Python with pip, which brings the collector. Install both as your system does it.' >&2
  exit 1
fi

mkdir -p .cache/bin
unpacked=$(mktemp -d "$PWD/.cache/bin/rotel.XXXXXX")
trap 'rm -rf "$unpacked"' EXIT
# The same program is in the wheel of each version of Python.
cat >"$unpacked/requirements.txt" <<END
rotel==$version \\
  --hash=sha256:2f4117e58410c933e0dc042a268ef738dab2e3a5d63b5831209acdac2a6ddcb7 \\
  --hash=sha256:4eb01f9e5d228e4086f63e16cf1d0fa6e92b724bde51f120932a742acec5b0ba
END
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
  --python-version 3.11 --implementation cp --abi cp311 --platform "manylinux_2_34_$(uname -m)" \
  --require-hashes --requirement "$unpacked/requirements.txt" --dest "$unpacked"
python3 -m zipfile -e "$unpacked"/rotel-*.whl "$unpacked"
chmod +x "$unpacked/rotel/rotel-agent"
# Moved only when complete, so that an interrupted download is not taken for a collector.
mv "$unpacked/rotel/rotel-agent" "$program"
