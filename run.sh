#!/usr/bin/env bash
# Installs what is missing, builds what has changed, and starts the server on http://127.0.0.1:8080.
#   ./run.sh                    the server; its first start tries to download better models (docs/models.md)
#   ./run.sh --offline          the server, without a download
#   ./run.sh --demo [CLIP]      the server, an index on it with a video, and a few searches; without CLIP the video is made
#                               from Debian packages.
#                               It never downloads models; --offline may be added.
#   ./run.sh --urls=http://127.0.0.1:9000 --VideoUnderstanding:DataFolder=/srv/videos
set -euo pipefail
export VIDEOUNDERSTANDING_CALLER_FOLDER="${VIDEOUNDERSTANDING_CALLER_FOLDER:-$PWD}"
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
if [ "${1:-}" = --demo ]; then
  shift
  # Only the made video needs the packages. A first argument without "--" is a clip.
  case "${1:---}" in --*) deploy/install.sh --demo ;; *) deploy/install.sh ;; esac
  exec ./vu demo "$@"
fi
deploy/install.sh
exec ./vu serve "$@"
