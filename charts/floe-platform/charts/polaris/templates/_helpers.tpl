{{- /* What only this chart needs. */ -}}

{{- define "polaris.fullname" -}}
{{- include "floe.fullname" (dict "root" . "name" .Chart.Name) -}}
{{- end -}}

{{- /* The server's resources, as YAML. */ -}}
{{- define "polaris.resources" -}}
{{- include "floe.resources" (dict "root" . "resources" .Values.resources "presets" (fromYaml (include "polaris.presets" .))) -}}
{{- end -}}

{{- /* Presets of the server's resources. A Java machine takes what its limit leaves it, so requests stand close to the limits. */ -}}
{{- define "polaris.presets" -}}
small:
  requests: {cpu: 250m, memory: 768Mi}
  limits: {memory: 1Gi}
medium:
  requests: {cpu: 500m, memory: 1536Mi}
  limits: {memory: 2Gi}
large:
  requests: {cpu: "2", memory: 3Gi}
  limits: {memory: 4Gi}
{{- end -}}

{{- /* "true" where the catalog is in a database. */ -}}
{{- define "polaris.jdbc" -}}
{{- if eq .Values.persistence.type "relational-jdbc" -}}true{{- end -}}
{{- end -}}

{{- /* "true" where there can be more than one server. */ -}}
{{- define "polaris.several" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) -}}true{{- end -}}
{{- end -}}

{{- /* "true" where Polaris gives out tokens of its own. */ -}}
{{- define "polaris.internal" -}}
{{- if ne .Values.auth.type "external" -}}true{{- end -}}
{{- end -}}

{{- define "polaris.environment" -}}
{{- dig "environment" "dev" (.Values.global | default dict) -}}
{{- end -}}

{{- /* "true" where the chart may generate Secrets: global.generateSecrets says so; by itself it does everywhere but in prod. */ -}}
{{- define "polaris.generates" -}}
{{- $word := dig "generateSecrets" nil (.Values.global | default dict) -}}
{{- if kindIs "bool" $word -}}
{{- if $word -}}true{{- end -}}
{{- else if ne (include "polaris.environment" .) "prod" -}}true
{{- end -}}
{{- end -}}

{{- /* "true" where the chart has the root credentials at hand: it makes the realm itself (so does a server without a database, at each
start), or it was told them. */ -}}
{{- define "polaris.knowsRoot" -}}
{{- $given := .Values.bootstrap.credentials -}}
{{- if or .Values.bootstrap.enabled (not (include "polaris.jdbc" .)) $given.existingSecret $given.clientSecret -}}true{{- end -}}
{{- end -}}

{{- /* The Secret with the root credentials, and whether it is ours ("true"). */ -}}
{{- define "polaris.rootSecret" -}}
{{- .Values.bootstrap.credentials.existingSecret | default (include "floe.componentName" (dict "root" . "component" "root-credentials")) -}}
{{- end -}}
{{- define "polaris.ownRootSecret" -}}
{{- if and (include "polaris.knowsRoot" .) (not .Values.bootstrap.credentials.existingSecret) -}}true{{- end -}}
{{- end -}}

{{- /* The Secret with the token broker's keys, or nothing where each server makes its own; and whether it is ours ("true"). */ -}}
{{- define "polaris.brokerSecret" -}}
{{- if include "polaris.internal" . -}}
{{- $broker := .Values.auth.tokenBroker -}}
{{- if $broker.existingSecret -}}
{{- $broker.existingSecret -}}
{{- else if $broker.generate -}}
{{- include "floe.componentName" (dict "root" . "component" "token-broker") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- define "polaris.ownBrokerSecret" -}}
{{- if and (include "polaris.brokerSecret" .) (not .Values.auth.tokenBroker.existingSecret) -}}true{{- end -}}
{{- end -}}

{{- /* The names of keys in the token broker's Secret: the user's for the user's Secret, the defaults for ours. As YAML. */ -}}
{{- define "polaris.brokerKeys" -}}
{{- if .Values.auth.tokenBroker.existingSecret -}}
{{- toYaml .Values.auth.tokenBroker.existingSecretKeys -}}
{{- else -}}
{publicKey: public.pem, privateKey: private.pem, symmetricKey: symmetric.key}
{{- end -}}
{{- end -}}

{{- /* The name of the database. */ -}}
{{- define "polaris.database" -}}
{{- $databases := dig "postgresql" "databases" dict (.Values.global | default dict) -}}
{{- include "floe.postgresql" (dict "root" . "key" "database" "default" (get $databases "polaris" | default "polaris")) -}}
{{- end -}}

{{- define "polaris.jdbcUrl" -}}
{{- if .Values.persistence.jdbcUrl -}}
{{- .Values.persistence.jdbcUrl -}}
{{- else -}}
{{- $host := include "floe.postgresql" (dict "root" . "key" "host") -}}
{{- $port := include "floe.postgresql" (dict "root" . "key" "port" "default" "5432") -}}
{{- $mode := include "floe.postgresql" (dict "root" . "key" "sslMode" "default" "prefer") -}}
{{- printf "jdbc:postgresql://%s:%s/%s?sslmode=%s" $host $port (include "polaris.database" .) $mode -}}
{{- end -}}
{{- end -}}

{{- /* Where user and password of the database come from, as the lines of two variables. root, user, password (the variables' names). */ -}}
{{- define "polaris.databaseLogin" -}}
{{- $own := .root.Values.persistence.existingSecret -}}
- name: {{ .user }}
  {{- if $own }}
  valueFrom:
    secretKeyRef:
      name: {{ $own }}
      key: {{ .root.Values.persistence.usernameKey }}
  {{- else }}
  value: {{ include "floe.postgresql" (dict "root" .root "key" "username" "default" "floe") | quote }}
  {{- end }}
- name: {{ .password }}
  valueFrom:
    secretKeyRef:
      name: {{ $own | default (include "floe.postgresql" (dict "root" .root "key" "existingSecret")) }}
      key: {{ if $own }}{{ .root.Values.persistence.passwordKey }}{{ else }}{{ include "floe.postgresql" (dict "root" .root "key" "passwordKey" "default" "postgresql-password") }}{{ end }}
{{- end -}}

{{- /* The variables by which server and tool find the database. */ -}}
{{- define "polaris.jdbcEnv" -}}
- name: QUARKUS_DATASOURCE_JDBC_URL
  value: {{ include "polaris.jdbcUrl" . | quote }}
{{ include "polaris.databaseLogin" (dict "root" . "user" "QUARKUS_DATASOURCE_USERNAME" "password" "QUARKUS_DATASOURCE_PASSWORD") }}
{{- end -}}

{{- /* The variables that hold the root credentials. root, id, secret (the variables' names). */ -}}
{{- define "polaris.rootEnv" -}}
{{- $keys := dict "clientId" "client-id" "clientSecret" "client-secret" -}}
{{- if .root.Values.bootstrap.credentials.existingSecret -}}
{{- $keys = .root.Values.bootstrap.credentials.existingSecretKeys -}}
{{- end -}}
- name: {{ .id }}
  valueFrom:
    secretKeyRef:
      name: {{ include "polaris.rootSecret" .root }}
      key: {{ $keys.clientId }}
- name: {{ .secret }}
  valueFrom:
    secretKeyRef:
      name: {{ include "polaris.rootSecret" .root }}
      key: {{ $keys.clientSecret }}
{{- end -}}

{{- /* The realm that gets the catalogs. */ -}}
{{- define "polaris.bootstrapRealm" -}}
{{- .Values.bootstrap.realm | default (first .Values.realms) -}}
{{- end -}}

{{- /* The kinds of storage that catalogs may have, as a JSON list: what the features say, else the server's own default. */ -}}
{{- define "polaris.storageTypes" -}}
{{- get .Values.features "SUPPORTED_CATALOG_STORAGE_TYPES" | default (list "S3" "GCS" "AZURE") | toJson -}}
{{- end -}}

{{- /* "true" where catalogs may lie in the server's own files, which the server calls insecure. */ -}}
{{- define "polaris.insecureStorage" -}}
{{- $switch := get .Values.features "ALLOW_INSECURE_STORAGE_TYPES" | toString -}}
{{- if or (has "FILE" (fromJsonArray (include "polaris.storageTypes" .))) (eq $switch "true") -}}true{{- end -}}
{{- end -}}

{{- /* Where traces go, or nothing. */ -}}
{{- define "polaris.traceEndpoint" -}}
{{- if ne (.Values.tracing.enabled | toString) "false" -}}
{{- with .Values.tracing.endpoint | default (dig "otlp" "grpcEndpoint" "" (.Values.global | default dict)) -}}
{{- tpl . $ -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Where the server is for pods of this release. */ -}}
{{- define "polaris.url" -}}
{{- printf "http://%s:%d" (include "polaris.fullname" .) (int .Values.service.port) -}}
{{- end -}}

{{- /* The spec of a pod's own things, the same for all pods. root. */ -}}
{{- define "polaris.podBasics" -}}
{{- with include "floe.imagePullSecrets" . }}
{{ . }}
{{- end }}
serviceAccountName: {{ include "floe.serviceAccountName" . }}
automountServiceAccountToken: {{ .root.Values.serviceAccount.automountToken }}
enableServiceLinks: false
{{- with .root.Values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* An init container that asks the database until it says "ready", and fails with the last thing it said. root, name, query, words (what
is missing when the time is over). The query's text may use :'realms'. */ -}}
{{- define "polaris.waitForQuery" -}}
{{- $wait := fromYaml (include "floe.waitFor" .) -}}
{{- if $wait.enabled -}}
- name: {{ .name }}
  image: {{ include "floe.image" (dict "root" .root "image" $wait.image) }}
  imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" .root "image" $wait.image) }}
  {{- with .root.Values.securityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  env:
    - name: PGHOST
      value: {{ include "floe.postgresql" (dict "root" .root "key" "host") | quote }}
    - name: PGPORT
      value: {{ include "floe.postgresql" (dict "root" .root "key" "port" "default" "5432") | quote }}
    - name: PGSSLMODE
      value: {{ include "floe.postgresql" (dict "root" .root "key" "sslMode" "default" "prefer") | quote }}
    - name: PGDATABASE
      value: {{ include "polaris.database" .root | quote }}
    - name: PGCONNECT_TIMEOUT
      value: "5"
    {{- include "polaris.databaseLogin" (dict "root" .root "user" "PGUSER" "password" "PGPASSWORD") | nindent 4 }}
    - name: REALMS
      value: {{ join "," .root.Values.realms | quote }}
    - name: QUERY
      value: {{ .query | quote }}
    - name: MISSING
      value: {{ .words | quote }}
    - name: WAIT_SECONDS
      value: {{ $wait.timeoutSeconds | quote }}
  command: [/bin/sh, -ec]
  args:
    - |
      end=$(( $(date +%s) + WAIT_SECONDS ))
      while :; do
        answer=$(printf '%s\n' "$QUERY" | psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --set=realms="$REALMS" 2>&1 | tr -s '[:space:]' ' ')
        if [ "$answer" = 'ready ' ]; then exit 0; fi
        if [ "$(date +%s)" -ge "$end" ]; then
          echo "$MISSING after $WAIT_SECONDS s at $PGHOST:$PGPORT; the database says: ${answer:-nothing}" >&2
          exit 1
        fi
        sleep 2
      done
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 64Mi}
{{- end -}}
{{- end -}}

{{- /* The server's environment. What the configuration file cannot hold because it is secret, and what only the environment can say. */ -}}
{{- define "polaris.serverEnv" -}}
{{- if include "polaris.jdbc" . }}
{{ include "polaris.jdbcEnv" . }}
{{- else if include "polaris.knowsRoot" . }}
{{ include "polaris.rootEnv" (dict "root" . "id" "ROOT_CLIENT_ID" "secret" "ROOT_CLIENT_SECRET") }}
- name: POLARIS_BOOTSTRAP_CREDENTIALS
  {{- $triplets := list }}
  {{- range .Values.realms }}
  {{- $triplets = append $triplets (printf "%s,$(ROOT_CLIENT_ID),$(ROOT_CLIENT_SECRET)" .) }}
  {{- end }}
  value: {{ join ";" $triplets | quote }}
{{- end }}
{{- with .Values.auth.oidc }}
{{- if and .existingSecret (ne $.Values.auth.type "internal") }}
- name: QUARKUS_OIDC_CREDENTIALS_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .secretKey }}
{{- end }}
{{- end }}
{{- with .Values.storage.s3 }}
{{- if .existingSecret }}
- name: AWS_ACCESS_KEY_ID
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .accessKeyKey }}
- name: AWS_SECRET_ACCESS_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .secretKeyKey }}
{{- end }}
{{- with .region }}
- name: AWS_REGION
  value: {{ . | quote }}
{{- end }}
{{- with .endpoint }}
- name: AWS_ENDPOINT_URL_S3
  value: {{ . | quote }}
{{- end }}
{{- with .stsEndpoint }}
- name: AWS_ENDPOINT_URL_STS
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- with .Values.javaOptions }}
- name: JAVA_OPTS_APPEND
  value: {{ . | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The data of a Secret of ours without what is empty, as it is where nothing can be generated: a pod that needs a missing key does not
start, while an empty one would be a password that everyone knows. And who applies such a render over a Secret in use leaves the key there
alone. A map. */ -}}
{{- define "polaris.filled" -}}
{{- $held := dict -}}
{{- range $key, $value := . -}}
{{- if $value -}}{{- $_ := set $held $key $value -}}{{- end -}}
{{- end -}}
{{- toYaml $held -}}
{{- end -}}
