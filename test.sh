#!/usr/bin/env bash
# Installs what is missing, builds everything with warnings as errors, and runs all tests on a PostgreSQL of their own.
#   ./test.sh             all tests; the last line is "N passed, N failed"
#   ./test.sh '*Search*'  only tests whose full name fits the pattern
#   ./test.sh --quick     for every change: the unit tests, and the tests of the API, the contract and the search on a real PostgreSQL
#   ./test.sh --soak      before a release: the chaos tests with 200 kills, ten minutes of failing machines, and 90 seconds for each parser,
#                         about three quarters of an hour
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
root=$PWD
quick=
patterns=()
projects="Unit Integration EndToEnd"
case "${1:-}" in
  --quick) quick=yes projects="Unit Integration" ;;
  --soak)
    patterns=('*.ChaosTests.*' '*.SeparateMachinesTests.*' '*FuzzTests.*')
    export VIDEOUNDERSTANDING_CHAOS_KILLS=${VIDEOUNDERSTANDING_CHAOS_KILLS:-200} VIDEOUNDERSTANDING_FUZZ_SECONDS=${VIDEOUNDERSTANDING_FUZZ_SECONDS:-90}
    export VIDEOUNDERSTANDING_MACHINES_SECONDS=${VIDEOUNDERSTANDING_MACHINES_SECONDS:-600}
    ;;
  -*)
    echo "test.sh does not know the option $1." >&2
    exit 2
    ;;
  ?*) patterns=("$1") ;;
esac
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Tests run most code a few times. Instrumenting it for profile-guided optimisation took a third of the processor time of the API tests.
export DOTNET_TieredPGO=0

end() { echo "$1 passed, $2 failed"; [ "$2" -eq 0 ] && [ "$1" -gt 0 ]; }

deploy/install.sh --tests

mkdir -p artifacts
exec 9>artifacts/build.lock
flock 9
if [ -n "$quick" ]; then
  echo "Building the unit tests and the integration tests ..."
  targets="tests/VideoUnderstanding.UnitTests tests/VideoUnderstanding.IntegrationTests"
else
  echo "Building everything ..."
  targets=VideoUnderstanding.sln
fi
for target in $targets; do
  if ! dotnet build "$target" -c Release -v quiet -nologo -warnaserror 9>&-; then
    echo "The build failed."
    end 0 1
  fi
done
exec 9>&-

work=$(mktemp -d /tmp/vu-tests.XXXXXX)
binaries=
for tool in /usr/lib/postgresql/*/bin/initdb; do
  major=$(printf '%s' "$tool" | cut -d/ -f5)
  [ ! -f "/usr/share/postgresql/$major/extension/vector.control" ] || binaries=$(dirname "$tool")
done

# PostgreSQL refuses to run as root.
unprivileged() { if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

clean_up() {
  unprivileged "$binaries/pg_ctl" stop -s -m immediate -D "$work/cluster" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir "$work/cluster"
chmod 755 "$work"
[ "$(id -u)" -ne 0 ] || chown postgres: "$work/cluster"
unprivileged "$binaries/initdb" -D "$work/cluster" --username=tests --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
# Only a socket, so that no port is taken; a crash may lose everything, so that it is quick.
cat >>"$work/cluster/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$work/cluster'
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
SETTINGS
unprivileged "$binaries/pg_ctl" start -s -w -D "$work/cluster" -l "$work/cluster/log"
export VIDEOUNDERSTANDING_TEST_DATABASE="Host=$work/cluster;Username=tests;Database=postgres"

assets=${VIDEOUNDERSTANDING_ASSETS:-$root/../shared/assets}
contract=${VIDEOUNDERSTANDING_CONTRACT:-$root/../shared/api}
options=(-noColor -noLogo)
for pattern in "${patterns[@]}"; do options+=(-method "$pattern"); done
missing=()
if [ -d "$assets" ]; then
  export VIDEOUNDERSTANDING_ASSETS=$(cd "$assets" && pwd)
else
  unset VIDEOUNDERSTANDING_ASSETS
  missing+=("assets ($assets; VIDEOUNDERSTANDING_ASSETS names another)")
fi
if [ -d "$contract" ]; then
  export VIDEOUNDERSTANDING_CONTRACT=$(cd "$contract" && pwd)
else
  unset VIDEOUNDERSTANDING_CONTRACT
  missing+=("contract ($contract; VIDEOUNDERSTANDING_CONTRACT names another)")
fi
# With everything at hand, leaving a test out is a failure.
[ "${#missing[@]}" -gt 0 ] || options+=(-failSkips)

# Value of an attribute of the report's assembly element.
count() { tr '>' '\n' <"$2" | sed -n "s/.*<assembly .*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" | head -n 1; }

# Prints the names of the failed tests of a report with the first lines of their messages and stack traces.
list_failed() {
  perl -0777 -ne '
    sub first_lines { my ($text, $count) = @_; my @lines = split /\n/, $text; splice @lines, $count if @lines > $count; map { "    $_\n" } @lines }
    for (m{(<test [^<]*result="Fail".*?</test>|<error .*?</error>)}sg) {
      my ($name) = /\sname="([^"]*)"/;
      my ($message) = m{<message><!\[CDATA\[(.*?)\]\]>}s;
      my ($stack) = m{<stack-trace><!\[CDATA\[(.*?)\]\]>}s;
      print "  $name\n", first_lines($message // "", 15), first_lines($stack // "", 6);
    }' "$1"
}

passed=0
failed=0
reports=()
for project in $projects; do
  selection=()
  if [ -n "$quick" ] && [ "$project" = Integration ]; then
    for folder in Api Contract Search; do selection+=(-method "VideoUnderstanding.IntegrationTests.$folder.*"); done
  fi
  name=VideoUnderstanding.${project}Tests
  report=$root/artifacts/$name.xml
  rm -f "$report"
  echo
  echo "== $name"
  status=0
  "tests/$name/bin/Release/net10.0/$name" "${options[@]}" "${selection[@]}" -xml "$report" || status=$?
  if [ ! -s "$report" ]; then
    echo "$name ended with exit code $status and without a report."
    failed=$((failed + 1))
    continue
  fi
  total=$(count total "$report")
  reports+=("$report")
  project_passed=$(count passed "$report")
  project_failed=$(($(count failed "$report") + $(count errors "$report")))
  # An exit code that the report does not explain is a failure, too; so is a project without tests.
  if [ "$project_failed" -eq 0 ] && { { [ "$status" -ne 0 ] && [ "$total" -gt 0 ]; } || { [ "$total" -eq 0 ] && [ "${#patterns[@]}" -eq 0 ]; }; }; then
    echo "$name ended with exit code $status after $total tests."
    project_failed=1
  fi
  passed=$((passed + project_passed))
  failed=$((failed + project_failed))
done

if [ "${#missing[@]}" -gt 0 ]; then
  echo
  printf 'There is no folder with the %s.\n' "${missing[@]}"
  echo "Left out:"
  cat artifacts/VideoUnderstanding.*Tests.xml | tr '>' '\n' | sed -n '/<test .*result="Skip"/s/.* name="\([^"]*\)".*/  \1/p' | sed 's/\\&quot;/"/g'
fi
if [ "$failed" -gt 0 ]; then
  echo
  echo "Failed:"
  for report in "${reports[@]}"; do list_failed "$report"; done
fi
echo
end "$passed" "$failed"
