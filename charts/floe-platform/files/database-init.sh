# Creates what is missing, changes nothing else: it may run any number of times, and several times at once.
sql() {
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"
}

database() {
  sql --set=name="$1" <<'SQL'
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
  echo "database $1: there"
}

# role NAME PASSWORD DATABASE...
role() {
  name=$1
  shift
  ROLE_PASSWORD=$1
  shift
  export ROLE_PASSWORD
  sql --set=name="$name" <<'SQL'
\getenv password ROLE_PASSWORD
SELECT format('CREATE ROLE %I LOGIN', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'name', :'password') \gexec
SQL
  for database in "$@"; do
    PGDATABASE=$database sql --set=name="$name" --set=database="$database" <<'SQL'
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO :"name";
GRANT USAGE, CREATE ON SCHEMA public TO :"name";
SQL
  done
  echo "role $name: there"
}
