{{- /* What the Job is that creates databases and roles, or nothing where it has nothing to do. */ -}}
{{- define "floe-platform.databaseInit" -}}
{{- $init := .Values.databaseInit -}}
{{- $databases := include "floe-platform.databases" (dict "root" .) -}}
{{- if and $init.enabled (or $databases $init.roles) -}}
backoffLimit: {{ $init.backoffLimit }}
activeDeadlineSeconds: {{ $init.activeDeadlineSeconds }}
template:
  metadata:
    {{- /* Only what stays from version to version: another label would be another Job. */}}
    labels:
      {{- include "floe.selectorLabels" (dict "root" . "component" "database-init") | nindent 6 }}
  spec:
    {{- include "floe-platform.taskPod" (dict "root" .) | nindent 4 }}
    {{- with include "floe.waitForPostgresql" (dict "root" . "securityContext" .Values.postgresql.securityContext) }}
    initContainers:
      {{- . | nindent 6 }}
    {{- end }}
    containers:
      - name: database-init
        {{- include "floe-platform.clientImage" (dict "root" .) | nindent 8 }}
        {{- include "floe-platform.security" (dict "root" .) | nindent 8 }}
        env:
          {{- include "floe.postgresqlEnv" (dict "root" . "database" $init.maintenanceDatabase) | nindent 10 }}
          {{- range $name, $role := $init.roles }}
          - name: {{ printf "PASSWORD_OF_%s" $name }}
            valueFrom:
              secretKeyRef:
                name: {{ $role.existingSecret }}
                key: {{ $role.passwordKey | default "password" }}
          {{- end }}
        command: [/bin/sh, -euc]
        args:
          - |
            {{- include "floe-platform.script" (dict "root" . "file" "database-init.sh" "indent" 12) }}

            {{- range $database := splitList " " $databases }}
            {{- with $database }}
            database {{ . }}
            {{- end }}
            {{- end }}
            {{- range $name, $role := $init.roles }}
            role {{ $name }} "$PASSWORD_OF_{{ $name }}" {{ join " " $role.databases }}
            {{- end }}
        {{- include "floe-platform.taskResources" (dict "resources" $init.resources) | nindent 8 }}
        volumeMounts:
          - name: tmp
            mountPath: /tmp
    volumes:
      - name: tmp
        emptyDir:
          sizeLimit: 16Mi
{{- end -}}
{{- end -}}

{{- /* The Secrets that must be there before the release, as a YAML list of {secret, key}. */ -}}
{{- define "floe-platform.requiredSecrets" -}}
{{- $stored := list -}}
{{- if .Values.externalSecrets.enabled -}}
{{- range .Values.externalSecrets.extra -}}{{- $stored = append $stored .name -}}{{- end -}}
{{- end -}}
{{- $wanted := list -}}
{{- if and (include "floe-platform.consumers" (dict "root" .)) (not (include "floe-platform.ownSecret" (dict "root" .))) (not (include "floe-platform.storedSecret" (dict "root" .))) -}}
{{- $wanted = append $wanted (dict "secret" (include "floe.postgresql" (dict "root" . "key" "existingSecret")) "key" .Values.global.postgresql.passwordKey) -}}
{{- end -}}
{{- if .Values.databaseInit.enabled -}}
{{- range $name, $role := .Values.databaseInit.roles -}}
{{- $wanted = append $wanted (dict "secret" $role.existingSecret "key" ($role.passwordKey | default "password")) -}}
{{- end -}}
{{- end -}}
{{- with .Subcharts.polaris -}}
{{- $all := list -}}
{{- with .Values.bootstrap.credentials -}}{{- $all = append $all (dict "secret" .existingSecret "keys" (values (.existingSecretKeys) | sortAlpha)) -}}{{- end -}}
{{- with .Values.auth.tokenBroker -}}
{{- $keys := ternary (list .existingSecretKeys.publicKey .existingSecretKeys.privateKey) (list .existingSecretKeys.symmetricKey) (eq .type "rsa-key-pair") -}}
{{- $all = append $all (dict "secret" .existingSecret "keys" $keys) -}}
{{- end -}}
{{- with .Values.persistence -}}{{- $all = append $all (dict "secret" .existingSecret "keys" (list .usernameKey .passwordKey)) -}}{{- end -}}
{{- with .Values.storage.s3 -}}{{- $all = append $all (dict "secret" .existingSecret "keys" (list .accessKeyKey .secretKeyKey)) -}}{{- end -}}
{{- range $all -}}
{{- $secret := .secret -}}
{{- if $secret -}}
{{- range .keys -}}{{- $wanted = append $wanted (dict "secret" $secret "key" .) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with get .Subcharts "otel-collector" -}}
{{- with .Values.exporters -}}
{{- if .datadog.enabled -}}{{- $wanted = append $wanted (dict "secret" .datadog.existingSecret "key" "api-key") -}}{{- end -}}
{{- if .grafanaCloud.enabled -}}{{- $wanted = append $wanted (dict "secret" .grafanaCloud.existingSecret "key" "token") -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- range $wanted -}}
{{- if not (has .secret $stored) }}
- {secret: {{ .secret | quote }}, key: {{ .key | quote }}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* What dumps the databases: a Job's spec. root; account (as in taskPod). */ -}}
{{- define "floe-platform.backup" -}}
{{- $backup := .root.Values.hooks.backup -}}
backoffLimit: {{ $backup.backoffLimit }}
activeDeadlineSeconds: {{ $backup.activeDeadlineSeconds }}
template:
  metadata:
    labels:
      {{- include "floe.labels" (dict "root" .root "component" "backup") | nindent 6 }}
    {{- with include "floe.annotations" (dict "root" .root) }}{{- . | nindent 4 }}{{- end }}
  spec:
    {{- include "floe-platform.taskPod" . | nindent 4 }}
    containers:
      - name: backup
        {{- include "floe-platform.clientImage" . | nindent 8 }}
        {{- include "floe-platform.security" . | nindent 8 }}
        env:
          {{- include "floe.postgresqlEnv" (dict "root" .root "database" .root.Values.databaseInit.maintenanceDatabase) | nindent 10 }}
          - name: DATABASES
            value: {{ include "floe-platform.databases" . | quote }}
          - name: RELEASE
            value: {{ .root.Release.Name | quote }}
          - name: KEEP
            value: {{ $backup.keep | quote }}
        command: [/bin/sh, -euc]
        args:
          - |
            {{- include "floe-platform.script" (dict "root" .root "file" "backup.sh" "indent" 12) }}
        {{- include "floe-platform.taskResources" (dict "resources" $backup.resources) | nindent 8 }}
        volumeMounts:
          - name: backup
            mountPath: /backup
          - name: tmp
            mountPath: /tmp
    volumes:
      - name: backup
        persistentVolumeClaim:
          claimName: {{ $backup.existingClaim }}
      - name: tmp
        emptyDir:
          sizeLimit: 16Mi
{{- end -}}

{{- /* "true" where there is something to dump and somewhere to put it. root. */ -}}
{{- define "floe-platform.backupEnabled" -}}
{{- if and .root.Values.hooks.backup.enabled (include "floe-platform.databases" .) -}}true{{- end -}}
{{- end -}}
