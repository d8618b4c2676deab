#!/usr/bin/env bash
# Publishes the server for a container image: deploy/publish.sh cpu|gpu FOLDER
# WHISPER_RUNTIME=Cpu leaves speech on the CPU in the flavor gpu.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
flavor=${1:?cpu or gpu}
target=${2:?the folder to publish to}

case "$flavor" in
  cpu) options=() ;;
  # Whisper.net's package "Cuda" is built for CUDA 13, as ONNX Runtime is; its package "Cuda12" is not.
  gpu) options=(-p:OnnxRuntimeFlavor=Gpu "-p:WhisperRuntime=${WHISPER_RUNTIME:-Cuda}") ;;
  *) echo "The flavor is cpu or gpu, not $flavor." >&2; exit 1 ;;
esac
dotnet publish src/VideoUnderstanding.Server -c Release -v quiet -nologo -o "$target" "${options[@]}"
# The packages bring libraries for every operating system. They are most of the size, and a container runs Linux.
find "$target/runtimes" -mindepth 1 -maxdepth 1 ! -name 'linux-x64' ! -name 'linux-arm64' ! -name unix -exec rm -rf {} +
