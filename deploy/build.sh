#!/usr/bin/env bash
# Builds the server if a source is newer than the last build. Quick where nothing has changed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
program=src/VideoUnderstanding.Server/bin/Release/net10.0/vu
stamp=artifacts/server-built

changed() {
  [ -x "$program" ] && [ -f "$stamp" ] || return 0
  # Folders count too: their time changes when a file is removed.
  [ -n "$(find src models/manifest.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig global.json \
    -name bin -prune -o -name obj -prune -o -newer "$stamp" -print -quit)" ]
}

changed || exit 0
mkdir -p artifacts
# Two scripts started at once must not build into the same folder at once.
exec 9>artifacts/build.lock
flock 9
changed || exit 0
begun=$(mktemp)
trap 'rm -f "$begun"' EXIT
echo "Building the server ..." >&2
log=artifacts/server-build.log
if ! dotnet build src/VideoUnderstanding.Server -c Release -v quiet -nologo ${VIDEOUNDERSTANDING_BUILD_OPTIONS:-} >"$log" 2>&1 9>&-; then
  cat "$log" >&2
  exit 1
fi
# The time of the beginning: what changed during the build is built next time.
cp -p "$begun" "$stamp"
