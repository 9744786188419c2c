# Looks for what this release needs and does not bring. Everything that is missing is told before it fails.
missing=0

# secret NAME KEY CONTENT
secret() {
  if [ -z "$3" ]; then
    echo "Secret $1 has no key $2: create it in this namespace before the release" >&2
    missing=1
  else
    echo "Secret $1, key $2: there"
  fi
}

database() {
  end=$(( $(date +%s) + WAIT_SECONDS ))
  until pg_isready --quiet --timeout=3; do
    if [ "$(date +%s)" -ge "$end" ]; then
      echo "no PostgreSQL at $PGHOST:$PGPORT after $WAIT_SECONDS s: is the host right, and may pods of this namespace reach it?" >&2
      missing=1
      return
    fi
    sleep 2
  done
  echo "PostgreSQL at $PGHOST:$PGPORT: answers"
  if [ -n "$PGPASSWORD" ] && ! psql --no-psqlrc --quiet --tuples-only --command='SELECT 1' >/dev/null; then
    echo "PostgreSQL at $PGHOST:$PGPORT refuses the user $PGUSER: is the password in its Secret right?" >&2
    missing=1
  fi
}
