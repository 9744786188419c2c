{{/* A text as the name of a Kubernetes object: small letters, digits and dashes, at most 63, a letter first. */}}
{{- define "<CHARTNAME>.dns" -}}
{{- $name := regexReplaceAll "[^a-z0-9-]+" (lower .) "-" | trimAll "-" -}}
{{- regexReplaceAll "^([0-9])" $name "n${1}" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What the chart calls itself. */}}
{{- define "<CHARTNAME>.name" -}}
{{- include "<CHARTNAME>.dns" (.Values.nameOverride | default .Chart.Name) -}}
{{- end -}}

{{/* The name of this release's objects; the release's name alone when it says what runs. */}}
{{- define "<CHARTNAME>.fullname" -}}
{{- $name := include "<CHARTNAME>.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- include "<CHARTNAME>.dns" .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- include "<CHARTNAME>.dns" .Release.Name -}}
{{- else -}}
{{- include "<CHARTNAME>.dns" (printf "%s-%s" .Release.Name $name) -}}
{{- end -}}
{{- end -}}

{{/* Labels that select this release's pods; they must never change. */}}
{{- define "<CHARTNAME>.selectorLabels" -}}
app.kubernetes.io/name: {{ include "<CHARTNAME>.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "<CHARTNAME>.labels" -}}
{{ include "<CHARTNAME>.selectorLabels" . }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{/* The account that the pods run under. */}}
{{- define "<CHARTNAME>.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "<CHARTNAME>.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{/* The image; a digest wins over the tag. */}}
{{- define "<CHARTNAME>.image" -}}
{{- with .Values.image -}}
{{- .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ with .digest }}@{{ . }}{{ end -}}
{{- end -}}
{{- end -}}
