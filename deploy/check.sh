#!/usr/bin/env bash
# Checks the container files without a container engine. As root, on Debian: deploy/check.sh [cpu|gpu]
#   1. "docker compose config" and hadolint, each where it is installed;
#   2. the steps of deploy/Dockerfile in a folder made by debootstrap: Debian 13 stands for both base images, this machine's .NET for Microsoft's;
#   3. the services of docker-compose.yml in it: the generated password, PostgreSQL with pgvector, and the server, in a network of their own.
# Not checked: the base images themselves, the container engine, CUDA.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
flavor=${1:-cpu}
# The mirror that this machine already uses for Debian, unless another is named.
mirror=${DEBIAN_MIRROR:-}
if [ -z "$mirror" ]; then
  targets=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages')
  mirror=$(grep -m 1 -E '/debian/?$' <<<"$targets")
fi
work=$(mktemp -d /var/tmp/vu-check.XXXXXX)
root=$work/root
declare -A args=([FLAVOR]=$flavor)
environment=()
run_as=root

say() { printf '== %s\n' "$*"; }
clean_up() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

check_files() {
  local compose
  for compose in "docker compose" docker-compose; do
    if $compose version >/dev/null 2>&1; then
      $compose config -q && $compose --profile gpu config -q
      say "$compose config: valid. Services by default: $($compose config --services | sort | xargs); with --profile gpu: $($compose --profile gpu config --services | sort | xargs)"
    fi
  done
  if command -v hadolint >/dev/null; then
    # DL3008: versions of Debian packages are not pinned, so that an image gets security fixes.
    hadolint --ignore DL3008 deploy/Dockerfile
    say "hadolint: no remarks"
  fi
}

# CHECK_BASE names a folder that keeps the result of debootstrap for the next run.
make_base() {
  local base=${CHECK_BASE:-$work/base}
  if [ ! -d "$base" ]; then
    say "Making the base folder by debootstrap"
    debootstrap --variant=minbase trixie "$base.new" "$mirror" >"$work/debootstrap.log" || { tail "$work/debootstrap.log"; exit 1; }
    mv "$base.new" "$base"
  fi
  cp -a "$base" "$root"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  mount -t proc proc "$root/proc"
}

# Replaces ${NAME} by the value of an ARG.
expand() {
  local text=$1 name
  for name in "${!args[@]}"; do text=${text//"\${$name}"/${args[$name]}}; done
  printf '%s' "$text"
}

in_root() { chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "${environment[@]}" "$@"; }

# One instruction of the stage that is being performed.
perform() {
  local stage=$1 word=$2 rest=$3 from to
  case "$stage $word" in
    *" ENV") read -ra from <<<"$rest"; environment+=("${from[@]}") ;;
    # The CUDA package of Whisper.net is left out: not every package source has it, and no GPU is needed to perform the steps.
    "build RUN") (cd "$work/source" && WHISPER_RUNTIME=Cpu sh -c "${rest//\/app/$work/app}") ;;
    "build COPY") mkdir -p "$work/source"; read -ra from <<<"$rest"; to=${from[-1]}; unset 'from[-1]'; copy_source "$to" "${from[@]}" ;;
    "build WORKDIR") ;;
    *" RUN") in_root sh -c "$rest" >"$work/run.log" 2>&1 || { tail -n 20 "$work/run.log"; exit 1; } ;;
    *" COPY") read -ra from <<<"$rest"; copy_built "${from[1]}" "$root${from[2]}" ;;
    *" USER") run_as=$rest ;;
    *" WORKDIR") mkdir -p "$root$rest" ;;
    *" VOLUME" | *" EXPOSE" | *" HEALTHCHECK" | *" ENTRYPOINT" | *" CMD" | *" ARG") ;;
    *) echo "deploy/check.sh does not know the instruction $word." >&2; exit 1 ;;
  esac
}

# Only files that git tracks, as a clone has them: build folders of this machine stay out, as .dockerignore keeps them out.
copy_source() {
  local to=$1
  shift
  git ls-files -z "$@" | while IFS= read -r -d '' file; do
    # COPY puts the contents of a folder, and a file itself, into the target.
    case "$to" in ./ | deploy/) ;; *) [[ $file == "$to"/* ]] || { echo "COPY of $file to $to is not understood." >&2; exit 1; } ;; esac
    cp --parents "$file" "$work/source/"
  done
}

copy_built() {
  mkdir -p "$2"
  if [ "$1" = /app ]; then cp -r "$work/app/." "$2"; else cp -r "$(dirname "$(readlink -f "$(command -v dotnet)")")/"{shared,host,dotnet} "$2"; fi
}

perform_dockerfile() {
  local stage= parent= line word rest
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    word=${line%% *}
    rest=$(expand "${line#* }")
    case "$word" in
      ARG) if [[ $rest == *=* ]] && [ -z "${args[${rest%%=*}]:-}" ]; then args[${rest%%=*}]=${rest#*=}; fi; continue ;;
      FROM) stage=${rest##* AS }; parent=${rest%% AS *}; say "Stage $rest"; [[ $rest != *" AS runtime-cpu" ]] || cpu_runtime; continue ;;
    esac
    # Stages of the other flavor are left out.
    case "$stage" in runtime-*) [ "$stage" = "runtime-$flavor" ] || [ "$parent" = "runtime-$flavor" ] || continue ;; esac
    say "  $word ${rest:0:100}"
    perform "$stage" "$word" "$rest"
  done < <(sed -e '/^#/d' deploy/Dockerfile | sed -e ':join' -e '/\\$/{N;s/\\\n[[:space:]]*/ /;b join' -e '}')
}

# What Microsoft's image has.
cpu_runtime() {
  [ "$flavor" = cpu ] || return 0
  in_root sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates libssl3t64 tzdata libstdc++6' >"$work/run.log" 2>&1
  copy_built /usr/share/dotnet "$root/usr/share/dotnet"
  environment+=(DOTNET_ROOT=/usr/share/dotnet)
}

run_services() {
  say "Installing PostgreSQL with pgvector, in place of the database image"
  in_root sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-common && echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf \
    && apt-get install -y -qq --no-install-recommends postgresql-17-pgvector' >"$work/run.log" 2>&1 || { tail "$work/run.log"; exit 1; }
  mkdir -p "$root/secret"
  cp deploy/password.sh "$root/password.sh"
  in_root sh /password.sh
  cp "$root/secret/password" "$work/password"
  in_root sh /password.sh
  cmp -s "$root/secret/password" "$work/password" || { echo "The second start made another password." >&2; exit 1; }
  printf '127.0.0.1 localhost database\n' >"$root/etc/hosts"
  local settings
  settings=$(sed -n 's/^ *ConnectionStrings__Database: //p' docker-compose.yml)
  cat >"$root/services.sh" <<SERVICES
set -eu
bin=/usr/lib/postgresql/17/bin
mkdir -p /run/postgresql /pg && chown postgres /run/postgresql /pg
su postgres -s /bin/sh -c "\$bin/initdb -D /pg/data -U video_understanding --auth=scram-sha-256 --pwfile=/secret/password >/dev/null && \$bin/pg_ctl start -s -w -D /pg/data -l /pg/log"
su postgres -s /bin/sh -c "PGPASSWORD=\$(cat /secret/password) \$bin/createdb -U video_understanding video_understanding"
export ConnectionStrings__Database='$settings' ${environment[@]}
# The image asks for CUDA; this machine may have none.
export VideoUnderstanding__Models__Device=auto VideoUnderstanding__Models__Profile=starter
cd /data
setpriv --reuid=$run_as --regid=$run_as --clear-groups /app/vu serve >/tmp/server.log 2>&1 &
for i in \$(seq 120); do
  sleep 1
  curl -fsS http://127.0.0.1:8080/health/ready >/tmp/ready 2>/dev/null && break
done
cat /tmp/ready || { cat /tmp/server.log; exit 1; }
echo
setpriv --reuid=$run_as --regid=$run_as --clear-groups /app/vu doctor || true
SERVICES
  say "Starting the services"
  # A network of their own: port 8080 of this machine stays free. With the first process ends every other.
  unshare --net --pid --fork --kill-child sh -c "ip link set lo up; exec chroot '$root' env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh /services.sh"
}

check_files
make_base
perform_dockerfile
run_services
say "All steps of the flavor $flavor were performed. The image's own files: $(du -sh --apparent-size "$root/app" | cut -f1) in /app"
