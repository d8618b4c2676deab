#!/usr/bin/env bash
# Installs what is missing, builds what has changed, and starts the server on http://127.0.0.1:8080.
#   ./run.sh                    the server
#   ./run.sh --demo [CLIP]      the server, and on it an index, a video and a few searches
#   ./run.sh --urls=http://127.0.0.1:9000 --VideoUnderstanding:DataFolder=/srv/videos
set -euo pipefail
export VIDEOUNDERSTANDING_CALLER_FOLDER="${VIDEOUNDERSTANDING_CALLER_FOLDER:-$PWD}"
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
deploy/install.sh
if [ "${1:-}" = --demo ]; then
  shift
  exec ./vu demo "$@"
fi
exec ./vu serve "$@"
