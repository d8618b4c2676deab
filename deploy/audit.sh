#!/usr/bin/env bash
# Asks the configured package source which of the packages, transitive ones too, have known weaknesses.
# Exit code 0: none; 1: some, listed; 2: the source has no list of weaknesses, so nothing is known.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

ask() { dotnet list "$1" package --vulnerable --include-transitive; }

# A source without a list answers "no vulnerable packages" to everything: first ask about a package that is known to be on it.
known=$(mktemp -d)
trap 'rm -rf "$known"' EXIT
cat >"$known/known.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.3" /></ItemGroup>
</Project>
PROJECT
# Read whole before it is searched: a reader that leaves early would count as a failure of the whole pipe.
if ! dotnet restore "$known/known.csproj" -v quiet >/dev/null || ! listed=$(ask "$known/known.csproj") || ! grep -q 'Newtonsoft.Json.*12\.0\.3' <<<"$listed"; then
  echo "The package source can not be reached or has no list of known weaknesses: nothing was checked." >&2
  exit 2
fi

dotnet restore VideoUnderstanding.sln -v quiet
found=$(ask VideoUnderstanding.sln)
printf '%s\n' "$found"
! grep -q 'has the following vulnerable packages' <<<"$found"
