{{- /* What the pods of the chart have in common. */ -}}

{{- /* The beginning of a pod's spec. root, component, values; securityContext, serviceAccountName, token (whether its token is mounted),
migrate (whether it may be the one that migrates the tables). */ -}}
{{- define "dagster.podHead" -}}
serviceAccountName: {{ .serviceAccountName | default (include "dagster.serviceAccountName" .root) }}
automountServiceAccountToken: {{ .token | default false }}
{{- with include "floe.imagePullSecrets" (dict "root" .root) }}
{{ . }}
{{- end }}
securityContext:
  {{- toYaml (.securityContext | default .root.Values.podSecurityContext) | nindent 2 }}
terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds | int }}
{{- with include "floe.scheduling" (dict "root" .root "component" .component "values" .values) }}
{{ . }}
{{- end }}
{{- $init := list }}
{{- with include "floe.waitForPostgresql" (dict "root" .root "securityContext" .root.Values.securityContext "database" (include "dagster.database" .root)) }}
{{- $init = append $init . }}
{{- end }}
{{- if and .migrate .root.Values.migrate.enabled (eq .root.Values.migrate.mode "initContainer") }}
{{- $init = append $init (include "dagster.migrateContainer" .root) }}
{{- end }}
{{- with $init }}
initContainers:
  {{- join "\n" . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Variables of each container that runs Dagster: the database's password, OpenTelemetry, then its own. root, service, env. */ -}}
{{- define "dagster.env" -}}
- name: DAGSTER_PG_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "dagster.passwordSecret" .root }}
      key: {{ include "dagster.passwordKey" .root }}
{{- with include "floe.otelEnv" (dict "root" .root "service" .service) }}
{{ . }}
{{- end }}
{{- with .env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Its sources of variables. root, envFrom; configMap (a further one). */ -}}
{{- define "dagster.envFrom" -}}
- configMapRef:
    name: {{ include "dagster.runEnvConfigMap" .root }}
{{- with .configMap }}
- configMapRef:
    name: {{ . }}
{{- end }}
{{- with .envFrom }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Where it may write, and its dagster.yaml. A list of mounts. */ -}}
{{- define "dagster.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: dagster-home
  mountPath: {{ include "dagster.home" . }}
- name: instance
  mountPath: {{ include "dagster.home" . }}/dagster.yaml
  subPath: dagster.yaml
  readOnly: true
{{- end -}}

{{- /* The volumes in which Dagster may write. */ -}}
{{- define "dagster.writableVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ .Values.writableDirs.sizeLimit }}
- name: dagster-home
  emptyDir:
    sizeLimit: {{ .Values.writableDirs.sizeLimit }}
{{- end -}}

{{- /* The volumes of those mounts. */ -}}
{{- define "dagster.volumes" -}}
{{ include "dagster.writableVolumes" . }}
- name: instance
  configMap:
    name: {{ include "dagster.instanceConfigMap" . }}
{{- end -}}

{{- /* The workspace is a folder, so that a change of an existing ConfigMap arrives. */ -}}
{{- define "dagster.workspaceMount" -}}
- name: workspace
  mountPath: /dagster-workspace
  readOnly: true
{{- end -}}

{{- define "dagster.workspaceVolume" -}}
- name: workspace
  configMap:
    name: {{ include "dagster.workspaceConfigMap" . }}
{{- end -}}

{{- /* Annotations by which a change of what a pod reads replaces it. root; workspace (whether it reads it). */ -}}
{{- define "dagster.checksums" -}}
checksum/instance: {{ include "floe.checksum" (dict "root" .root "file" "instance-configmap.yaml") }}
checksum/run-env: {{ include "floe.checksum" (dict "root" .root "file" "run-env-configmap.yaml") }}
{{- if and .workspace (not .root.Values.workspace.existingConfigMap) }}
checksum/workspace: {{ include "floe.checksum" (dict "root" .root "file" "workspace-configmap.yaml") }}
{{- end }}
{{- end -}}

{{- /* An argument that allows a workspace without code locations. */ -}}
{{- define "dagster.emptyWorkspace" -}}
{{- if not (or .Values.codeLocations .Values.workspace.existingConfigMap) -}}
- --empty-workspace
{{- end -}}
{{- end -}}

{{- /* The container that brings the tables to the version of the image. A database that is not there yet is no fault: there is nothing
to migrate then, and Dagster makes its tables itself. */ -}}
{{- define "dagster.migrateContainer" -}}
- name: migrate
  image: {{ include "dagster.image" . }}
  imagePullPolicy: {{ include "dagster.imagePullPolicy" . }}
  securityContext:
    {{- toYaml .Values.securityContext | nindent 4 }}
  command: [python, -c]
  args:
    - |
      import subprocess, sys
      import psycopg2
      try:
          psycopg2.connect("").close()
      except psycopg2.OperationalError as error:
          if 'database "' in str(error) and "does not exist" in str(error):
              print("there is no database yet: nothing to migrate")
              sys.exit(0)
          raise
      sys.exit(subprocess.call(["dagster", "instance", "migrate"]))
  env:
    - name: DAGSTER_HOME
      value: {{ include "dagster.home" . }}
    - name: DAGSTER_PG_PASSWORD
      valueFrom:
        secretKeyRef:
          name: {{ include "dagster.passwordSecret" . }}
          key: {{ include "dagster.passwordKey" . }}
    {{- include "floe.postgresqlEnv" (dict "root" . "database" (include "dagster.database" .)) | nindent 4 }}
  {{- with include "dagster.resources" (dict "root" . "of" "webserver" "resources" .Values.migrate.resources) }}
  resources:
    {{- . | nindent 4 }}
  {{- end }}
  volumeMounts:
    {{- include "dagster.mounts" . | nindent 4 }}
{{- end -}}

{{- /* A probe of the webserver: paths are below its prefix. key, values. */ -}}
{{- define "dagster.webserverProbe" -}}
{{- $probe := deepCopy (get .values .key | default dict) -}}
{{- with $probe.httpGet -}}
{{- $_ := set . "path" (printf "%s%s" $.values.pathPrefix .path) -}}
{{- end -}}
{{- include "floe.probe" (dict "key" .key "probe" $probe) -}}
{{- end -}}

{{- /* A probe of a code server. One without a handler asks the health service that the server has (no process is started for it).
key, server. */ -}}
{{- define "dagster.codeProbe" -}}
{{- $probe := deepCopy (get .server .key | default dict) -}}
{{- if and $probe (not (or $probe.exec $probe.grpc $probe.tcpSocket $probe.httpGet)) -}}
{{- $_ := set $probe "grpc" (dict "port" (.server.port | int) "service" "DagsterApi") -}}
{{- end -}}
{{- include "floe.probe" (dict "key" .key "probe" $probe) -}}
{{- end -}}

{{- /* The names of the code locations as JSON, or ? where they are another's. */ -}}
{{- define "dagster.locationNames" -}}
{{- if .Values.workspace.existingConfigMap -}}
?
{{- else -}}
{{- $names := list -}}
{{- range .Values.codeLocations -}}{{- $names = append $names .name -}}{{- end -}}
{{- toJson $names -}}
{{- end -}}
{{- end -}}
