#!/usr/bin/env bash
# Evaluates the open clips with the committed models; writes open-set-figures.json and the tables of docs/quality.md.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
assets=${VIDEOUNDERSTANDING_ASSETS:-$root/../shared/assets}
if [ ! -d "$assets/media" ]; then
  echo "There is no folder $assets/media; VIDEOUNDERSTANDING_ASSETS names the folder of test assets." >&2
  exit 1
fi
export VIDEOUNDERSTANDING_ASSETS=$(cd "$assets" && pwd)
tables=$(mktemp)
trap 'rm -f "$tables"' EXIT

"$root/vu" eval "$VIDEOUNDERSTANDING_ASSETS/media" --queries "$root/benchmarks/quality/open-set-queries.json" --profile starter --pooling \
  --json "$root/benchmarks/quality/open-set-figures.json" | tee "$tables"

# Replaces only the tables between the marks. A failed evaluation ends the script before this step.
awk -v tables="$tables" '
  /^<!-- figures -->$/ { print; print ""; while ((getline line < tables) > 0) if (line != "" || last != "") { print line; last = line } inside = 1; next }
  /^<!-- end of figures -->$/ { inside = 0 }
  !inside' "$root/docs/quality.md" >"$tables.new"
cat "$tables.new" >"$root/docs/quality.md"
rm -f "$tables.new"
