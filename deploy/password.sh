#!/bin/sh
# Writes the database password for the containers, once: /secret/password for PostgreSQL, /secret/pgpass for the server.
# DATABASE_PASSWORD gives the password; empty generates one.
set -eu
folder=${SECRET_FOLDER:-/secret}
# The user of the server in deploy/Dockerfile. pg_dump ignores a password file that others can read.
server_user=10001
umask 077

if [ ! -s "$folder/password" ]; then
  if [ -n "${DATABASE_PASSWORD:-}" ]; then
    printf '%s' "$DATABASE_PASSWORD" >"$folder/password.new"
  else
    # Letters and digits only: 32 of them have 190 bits.
    LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 32 >"$folder/password.new"
  fi
  chown postgres "$folder/password.new"
  mv "$folder/password.new" "$folder/password"
fi
# Made again at each start, so that an interrupted first start is repaired. The format needs "\" before ":" and "\".
printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' "$folder/password")" >"$folder/pgpass.new"
chown "$server_user" "$folder/pgpass.new"
mv "$folder/pgpass.new" "$folder/pgpass"
