#!/bin/bash
# Starts Debian's PostgreSQL as the public image does: the first argument may be an option of the server; an empty PGDATA is made with
# POSTGRES_USER, POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE), POSTGRES_DB and POSTGRES_INITDB_ARGS. It writes below PGDATA,
# /var/run/postgresql and /tmp only, and runs as the user it is given.
set -euo pipefail

if [ "${1:-}" = "" ] || [ "${1#-}" != "$1" ]; then
  set -- postgres "$@"
fi
if [ "$1" != postgres ] || [ -s "$PGDATA/PG_VERSION" ]; then
  exec "$@"
fi

user=${POSTGRES_USER:-postgres}
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
  POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
fi
if [ -z "${POSTGRES_PASSWORD:-}" ]; then
  echo "neither POSTGRES_PASSWORD nor POSTGRES_PASSWORD_FILE is set" >&2
  exit 1
fi
mkdir -p "$PGDATA"
chmod 0700 "$PGDATA"
# Words, as the public image takes them.
# shellcheck disable=SC2086
initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
database=${POSTGRES_DB:-$user}
pg_ctl --wait --silent --options="-c listen_addresses='' -p ${PGPORT:-5432}" start
if [ "$database" != postgres ]; then
  psql --no-psqlrc --quiet --username="$user" --dbname=postgres --set=ON_ERROR_STOP=1 --set=name="$database" <<< 'CREATE DATABASE :"name";'
fi
pg_ctl --wait --silent --mode=fast stop
echo "a new database is ready to start"
exec "$@"
