#!/usr/bin/env bash
# npm ci with the machine's node (20 or newer), or with the one from a wheel when there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

usable() { command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; }

if ! usable; then
  if [ ! -x .venv/node/bin/node ]; then
    echo "No node 20 or newer on this machine; taking it from a wheel …"
    rm -rf .venv/node
    .venv/bin/python -m venv .venv/node
    .venv/node/bin/pip install -qq --disable-pip-version-check --require-hashes -r requirements-node.txt
  fi
  export PATH="$PWD/.venv/node/bin:$PATH"
fi
echo "Installing the front-end packages …"
npm ci --silent
