#!/usr/bin/env bash
# Installs what the server needs on Debian 12 or 13: FFmpeg, Tesseract with English data, PostgreSQL with pgvector, the .NET SDK.
# With --demo also what the demonstration video is made from: photographs, a sound, a voice and a font.
# With --tests all that, more sounds, two voices, Node.js, npm, Chromium, iproute2, and the programs of others that the tests run: an S3-compatible store, newman,
# a video player and a generator of TypeScript clients.
# Looks first and installs only what is missing; where nothing is missing it changes nothing and needs no root.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    fail "Something is missing and has to be installed, but this is not root and there is no sudo. Run once as root: deploy/install.sh"
  fi
}

apt_updated=
apt_install() {
  if [ -z "$apt_updated" ]; then
    say "Reading the list of packages ..."
    as_root apt-get update -qq
    apt_updated=yes
  fi
  say "Installing: $*"
  local log
  log=$(mktemp)
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "These packages could not be installed: $*"
  fi
  rm -f "$log"
}

have_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }

# The newest PostgreSQL server that is installed, as its version number.
postgres_major() {
  local tool newest=
  for tool in $(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -t/ -k5,5n); do
    newest=$(printf '%s' "$tool" | cut -d/ -f5)
  done
  printf '%s' "$newest"
}

have_pgvector() { [ -n "$1" ] && [ -f "/usr/share/postgresql/$1/extension/vector.control" ]; }

any_pgvector() { ls /usr/share/postgresql/*/extension/vector.control >/dev/null 2>&1; }

install_postgres() {
  apt_install postgresql-common
  # The package would otherwise make and start a cluster of its own on port 5432, which nobody here asked for.
  local folder=/etc/postgresql-common/createcluster.d status=0
  as_root mkdir -p "$folder"
  echo 'create_main_cluster = false' | as_root tee "$folder/video-understanding.conf" >/dev/null
  (apt_install "postgresql-$1") || status=$?
  as_root rm -f "$folder/video-understanding.conf"
  as_root rmdir --ignore-fail-on-non-empty "$folder"
  return "$status"
}

# The mirror that this machine already uses for Debian itself, taken from apt's own settings.
debian_mirror() {
  find /etc/apt/sources.list /etc/apt/sources.list.d -type f \( -name '*.sources' -o -name '*.list' \) -exec cat {} + 2>/dev/null \
    | sed -n -e 's/^URIs:[[:space:]]*//p' -e 's/^deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^[:space:]]*\).*/\2/p' \
    | tr ' ' '\n' | sed -n -e 's:/*$::' -e '/\/debian$/{p;q;}'
}

# Debian 12 has no package of pgvector: it is built from the source package of Debian 13 for the PostgreSQL that is here.
# The list of sources and what apt reads by it live in a folder of their own, so that the machine's own lists stay as they are.
build_pgvector() {
  local major=$1 mirror apt make keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mirror=$(debian_mirror || true)
  [ -n "$mirror" ] || fail "pgvector has to be built, but no Debian mirror was found in /etc/apt. Install pgvector for PostgreSQL $major by hand."
  [ -f "$keyring" ] || apt_install debian-archive-keyring
  apt_install build-essential dpkg-dev "postgresql-server-dev-$major"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  echo "deb-src [signed-by=$keyring] $mirror trixie main" >"$work/pgvector.list"
  apt=(apt-get -qq -o Dir::Etc::sourcelist="$work/pgvector.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists"
    -o Dir::Cache="$work/cache" -o APT::Sandbox::User="$(id -un)")
  # No options for this very processor: the library may be copied to another machine.
  make=(make -s OPTFLAGS= PG_CONFIG="/usr/lib/postgresql/$major/bin/pg_config")
  say "Fetching and building pgvector ..."
  if ! (cd "$work" && "${apt[@]}" update && "${apt[@]}" source pgvector && cd pgvector-*/ && "${make[@]}") >"$work/log" 2>&1; then
    cat "$work/log" >&2
    fail "pgvector could not be fetched from $mirror and built."
  fi
  (cd "$work"/pgvector-*/ && as_root "${make[@]}" install >/dev/null)
  rm -rf "$work"
  trap - EXIT
}

install_pgvector() {
  local major=$1
  [ -n "$apt_updated" ] || { as_root apt-get update -qq; apt_updated=yes; }
  if apt-cache show "postgresql-$major-pgvector" >/dev/null 2>&1; then
    apt_install "postgresql-$major-pgvector"
  else
    build_pgvector "$major"
  fi
}

have_dotnet() { command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; }

install_dotnet() {
  [ -n "$apt_updated" ] || { as_root apt-get update -qq; apt_updated=yes; }
  apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1 \
    || fail "The .NET 10 SDK is missing and no configured package source has it. Add Microsoft's package source for Debian (learn.microsoft.com, \"Install .NET on Debian\") or unpack the SDK so that 'dotnet' is on the PATH, and start again."
  apt_install dotnet-sdk-10.0
}

# What the lock file of a folder of tests says, unless exactly that is there already.
install_npm_packages() {
  local folder installed
  folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../tests/$1
  installed=$folder/node_modules/.installed-lock.json
  if ! cmp -s "$folder/package-lock.json" "$installed"; then
    say "Installing what tests/$1 needs ..."
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >&2)
    cp "$folder/package-lock.json" "$installed"
  fi
}

main() {
  local packages=() major
  command -v ffmpeg >/dev/null 2>&1 && command -v ffprobe >/dev/null 2>&1 || packages+=(ffmpeg)
  have_library libtesseract.so.5 || packages+=(libtesseract5)
  [ -f /usr/share/tesseract-ocr/5/tessdata/eng.traineddata ] || packages+=(tesseract-ocr-eng)
  command -v setpriv >/dev/null 2>&1 || packages+=(util-linux)
  case "${1:-}" in --demo | --tests)
    # Photographs (GPL-2), a telephone ring (GPL-2+), a font (licence of Bitstream Vera), and a voice. The voice has the licence of
    # CMU Flite: like MIT, but changes must be marked, authors' names must stay, and they must not be used for endorsement.
    # src/VideoUnderstanding.Operations/Cli/DemoClipWriter.cs names the files.
    [ -d /usr/share/tuxpaint/stamps/vehicles ] || packages+=(tuxpaint-stamps-default)
    [ -f /usr/share/sounds/freedesktop/stereo/phone-incoming-call.oga ] || packages+=(sound-theme-freedesktop)
    command -v flite >/dev/null 2>&1 || packages+=(flite)
    [ -f /usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf ] || packages+=(fonts-dejavu-core) ;;
  esac
  if [ "${1:-}" = --tests ]; then
    command -v node >/dev/null 2>&1 || packages+=(nodejs)
    command -v npm >/dev/null 2>&1 || packages+=(npm)
    command -v flite >/dev/null 2>&1 || packages+=(flite)
    command -v espeak-ng >/dev/null 2>&1 || packages+=(espeak-ng)
    [ -f /usr/share/sounds/mate/default/alerts/bark.ogg ] || packages+=(mate-media-common)
    command -v chromium >/dev/null 2>&1 || packages+=(chromium)
    # For network namespaces.
    { command -v ip && command -v bridge; } >/dev/null 2>&1 || packages+=(iproute2)
    # For the quickstart in Python.
    /usr/bin/python3 -c 'import requests' >/dev/null 2>&1 || packages+=(python3-requests)
  fi
  [ "${#packages[@]}" -eq 0 ] || apt_install "${packages[@]}"

  if ! any_pgvector || [ -z "$(postgres_major)" ]; then
    if [ -z "$(postgres_major)" ]; then
      major=$(. /etc/os-release && case "${VERSION_ID:-}" in 12) echo 15 ;; 13) echo 17 ;; esac)
      [ -n "$major" ] || fail "This is neither Debian 12 nor 13. Install PostgreSQL with pgvector by hand, or set ConnectionStrings__Database to a server that has it."
      install_postgres "$major"
    fi
    major=$(postgres_major)
    have_pgvector "$major" || install_pgvector "$major"
  fi
  have_dotnet || install_dotnet
  [ "${1:-}" != --tests ] || { install_npm_packages newman; install_npm_packages player; install_npm_packages s3; install_npm_packages clients; }
}

main "$@"
