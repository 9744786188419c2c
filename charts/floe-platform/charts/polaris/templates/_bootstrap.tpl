{{- /* What the Jobs of the bootstrap and the test share. */ -}}

{{- /* "true" where the catalog Job has a place: it logs in even when it has nothing to make, so wrong credentials show at once. */ -}}
{{- define "polaris.bootstrapsCatalogs" -}}
{{- if and .Values.bootstrap.enabled (include "polaris.internal" .) -}}true{{- end -}}
{{- end -}}

{{- /* The body of a request that makes a catalog, as JSON. root, catalog. */ -}}
{{- define "polaris.catalogBody" -}}
{{- $s3 := .root.Values.storage.s3 -}}
{{- $storage := dict "storageType" .catalog.storage.type "allowedLocations" (prepend (.catalog.allowedLocations | default list) .catalog.defaultBaseLocation | uniq) -}}
{{- range $key, $value := omit .catalog.storage "type" -}}
{{- if not (or (kindIs "invalid" $value) (eq (toString $value) "")) -}}{{- $_ := set $storage $key $value -}}{{- end -}}
{{- end -}}
{{- if eq .catalog.storage.type "S3" -}}
{{- range $key := list "region" "endpoint" "stsEndpoint" -}}
{{- $value := get $s3 $key -}}
{{- if and $value (not (hasKey $storage $key)) -}}{{- $_ := set $storage $key $value -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $properties := merge (dict "default-base-location" .catalog.defaultBaseLocation) (deepCopy (.catalog.properties | default dict)) -}}
{{- dict "type" (.catalog.type | default "INTERNAL") "name" .catalog.name "properties" $properties "storageConfigInfo" $storage | toJson -}}
{{- end -}}

{{- /* The file that the script reads, as JSON. */ -}}
{{- define "polaris.bootstrapFile" -}}
{{- $catalogs := list -}}
{{- range .Values.bootstrap.catalogs -}}
{{- $catalogs = append $catalogs (fromJson (include "polaris.catalogBody" (dict "root" $ "catalog" .))) -}}
{{- end -}}
{{- toPrettyJson (dict "catalogs" $catalogs "grants" .Values.bootstrap.grants) -}}
{{- end -}}

{{- /* The container that runs the script (a list item). root, name, verb, seconds. */ -}}
{{- define "polaris.scriptContainer" -}}
{{- $root := .root -}}
- name: {{ .name }}
  image: {{ include "floe.image" (dict "root" $root "image" $root.Values.bootstrap.image) }}
  imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" $root "image" $root.Values.bootstrap.image) }}
  {{- with $root.Values.securityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  command: [python3, -B, /bootstrap/bootstrap.py]
  args: [{{ .verb }}]
  env:
    - name: POLARIS_URL
      value: {{ include "polaris.url" $root | quote }}
    - name: POLARIS_MANAGEMENT_URL
      value: {{ printf "http://%s:%d" (include "floe.componentName" (dict "root" $root "component" "management")) (int $root.Values.managementService.port) | quote }}
    - name: POLARIS_REALM
      value: {{ include "polaris.bootstrapRealm" $root | quote }}
    {{- include "polaris.rootEnv" (dict "root" $root "id" "POLARIS_CLIENT_ID" "secret" "POLARIS_CLIENT_SECRET") | nindent 4 }}
    - name: BOOTSTRAP_FILE
      value: /bootstrap/bootstrap.json
    - name: WAIT_SECONDS
      value: {{ .seconds | quote }}
  {{- with $root.Values.bootstrap.catalogResources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - name: bootstrap
      mountPath: /bootstrap
      readOnly: true
{{- end -}}

{{- define "polaris.scriptVolume" -}}
- name: bootstrap
  configMap:
    name: {{ include "floe.componentName" (dict "root" . "component" "bootstrap") }}
    defaultMode: 0444
{{- end -}}

{{- /* The spec of the Job that makes the realms. Its pods carry only labels that no version changes, so a new version of the chart alone
makes no new Job. */ -}}
{{- define "polaris.metastoreJobSpec" -}}
{{- $labels := dict "root" . "component" "bootstrap-metastore" -}}
backoffLimit: {{ .Values.bootstrap.backoffLimit }}
activeDeadlineSeconds: {{ .Values.bootstrap.activeDeadlineSeconds }}
template:
  metadata:
    labels:
      {{- include "floe.selectorLabels" $labels | nindent 6 }}
  spec:
    restartPolicy: Never
    {{- include "polaris.podBasics" (dict "root" .) | trim | nindent 4 }}
    {{- with include "floe.scheduling" (merge (dict "values" (omit .Values "topologySpreadConstraints")) $labels) }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with include "polaris.waitForQuery" (dict "root" . "name" "wait-for-database" "query" "SELECT 'ready';" "words" (printf "no database %s" (include "polaris.database" .))) }}
    initContainers:
      {{- . | nindent 6 }}
    {{- end }}
    containers:
      - name: bootstrap-metastore
        image: {{ include "floe.image" (dict "root" . "image" .Values.adminImage) }}
        imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" . "image" .Values.adminImage) }}
        {{- with .Values.securityContext }}
        securityContext:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        args:
          - bootstrap
          {{- range .Values.realms }}
          - --realm={{ . }}
          - --credential={{ . }},$(ROOT_CLIENT_ID),$(ROOT_CLIENT_SECRET)
          {{- end }}
        env:
          - name: POLARIS_PERSISTENCE_TYPE
            value: relational-jdbc
          {{- include "polaris.jdbcEnv" . | nindent 10 }}
          {{- include "polaris.rootEnv" (dict "root" . "id" "ROOT_CLIENT_ID" "secret" "ROOT_CLIENT_SECRET") | nindent 10 }}
        {{- with .Values.bootstrap.metastoreResources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        volumeMounts:
          - name: tmp
            mountPath: /tmp
    volumes:
      - name: tmp
        emptyDir:
          sizeLimit: {{ .Values.tmpSizeLimit }}
{{- end -}}

{{- /* Its name, with eight digits of its spec: a Job cannot be changed, so another spec is another Job. */ -}}
{{- define "polaris.metastoreJobName" -}}
{{- $digits := include "polaris.metastoreJobSpec" . | sha256sum | trunc 8 -}}
{{- include "floe.componentName" (dict "root" . "component" (printf "bootstrap-metastore-%s" $digits)) -}}
{{- end -}}

{{- /* "true" where the test pod has a place: it needs credentials to log in with. */ -}}
{{- define "polaris.tested" -}}
{{- if and .Values.tests.enabled (include "polaris.internal" .) (include "polaris.knowsRoot" .) -}}true{{- end -}}
{{- end -}}
