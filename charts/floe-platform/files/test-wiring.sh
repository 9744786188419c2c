# Asks each service at the address by which its siblings know it, and looks at what it answers.
failed=0
ask() {
  curl --silent --show-error --max-time 15 --retry 3 --retry-connrefused "$@"
}

# expect NAME PATTERN ANSWER
expect() {
  if printf '%s' "$3" | grep -q -- "$2"; then
    echo "$1: answers as it should"
  else
    echo "$1: expected $2 in: $3" >&2
    failed=1
  fi
}

if [ -n "${DAGSTER:-}" ]; then
  answer=$(ask --header 'Content-Type: application/json' --data '{"query":"{ version repositoriesOrError { __typename } }"}' "$DAGSTER/graphql" || true)
  expect "Dagster at $DAGSTER" '"RepositoryConnection"' "$answer"
fi
if [ -n "${POLARIS:-}" ]; then
  # Without a token there is no catalog, and Polaris must say so itself.
  answer=$(ask --header "Polaris-Realm: ${REALM:-}" --write-out ' status %{http_code}' "$POLARIS/v1/config?warehouse=none" || true)
  expect "Polaris at $POLARIS" 'status 401' "$answer"
fi
if [ -n "${COLLECTOR:-}" ]; then
  answer=$(ask --header 'Content-Type: application/json' --data '{"resourceSpans":[]}' "$COLLECTOR/v1/traces" || true)
  expect "The collector at $COLLECTOR" '^{"partialSuccess":{}}$' "$answer"
fi
exit "$failed"
