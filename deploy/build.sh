#!/usr/bin/env bash
# Builds the server if a source is newer than the last build. Quick where nothing has changed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
program=src/VideoUnderstanding.Server/bin/Release/net10.0/vu
stamp=artifacts/server-built
# For example -p:OnnxRuntimeFlavor=Gpu. Another choice is another build.
options=${VIDEOUNDERSTANDING_BUILD_OPTIONS:-}

changed() {
  [ -x "$program" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$options" ] || return 0
  # Folders count too: their time changes when a file is removed.
  [ -n "$(find src models/manifest.json models/calibrations models/starter Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig global.json \
    -name bin -prune -o -name obj -prune -o -newer "$stamp" -print -quit)" ]
}

changed || exit 0
mkdir -p artifacts
# Two scripts started at once must not build into the same folder at once.
exec 9>artifacts/build.lock
flock 9
changed || exit 0
# Made now, because making them changes the time of the folders that hold them.
for project in src/*/; do mkdir -p "$project/bin" "$project/obj"; done
begun=$(mktemp)
trap 'rm -f "$begun"' EXIT
echo "Building the server ..." >&2
log=artifacts/server-build.log
if ! dotnet build src/VideoUnderstanding.Server -c Release -v quiet -nologo $options >"$log" 2>&1 9>&-; then
  cat "$log" >&2
  exit 1
fi
# The time of the beginning: what changed during the build is built next time.
printf '%s' "$options" >"$stamp"
touch -r "$begun" "$stamp"
