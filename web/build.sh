#!/usr/bin/env bash
# Builds the web app into the files that the server serves. Needs Node.js 20.19 or newer and npm; ./run.sh needs neither.
#   web/build.sh           writes src/VideoUnderstanding.Server/App/built
#   web/build.sh --check   builds elsewhere, and fails if the committed files differ
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
built=../src/VideoUnderstanding.Server/App/built
installed=node_modules/.installed-lock.json
if ! cmp -s package-lock.json "$installed"; then
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$installed"
fi
if [ "${1:-}" != --check ]; then
  exec npm run --silent build
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
OUT_DIR=$out npm run --silent build
if ! diff -rq "$out" "$built"; then
  echo "The files in $built are not those that the sources in web/ give. Run web/build.sh and commit the files." >&2
  exit 1
fi
