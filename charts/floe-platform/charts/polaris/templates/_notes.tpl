{{- /* What the notes say; NOTES.txt is only this, so that a test can read it too. */ -}}
{{- define "polaris.notes" -}}
Apache Polaris {{ .Values.image.tag | default .Chart.AppVersion }} is being set up as {{ include "polaris.fullname" . }} in namespace {{ .Release.Namespace }}.

  Iceberg REST API   {{ include "polaris.url" . }}/api/catalog
  Management API     {{ include "polaris.url" . }}/api/management/v1
  Realms             {{ join ", " .Values.realms }}

From outside the cluster:

  kubectl --namespace {{ .Release.Namespace }} port-forward service/{{ include "polaris.fullname" . }} 8181:{{ .Values.service.port }}
{{- if include "polaris.internal" . }}
{{- if include "polaris.knowsRoot" . }}
{{- $keys := ternary .Values.bootstrap.credentials.existingSecretKeys (dict "clientId" "client-id" "clientSecret" "client-secret") (not (empty .Values.bootstrap.credentials.existingSecret)) }}

The root credentials are in the Secret {{ include "polaris.rootSecret" . }}:

  kubectl --namespace {{ .Release.Namespace }} get secret {{ include "polaris.rootSecret" . }} --output go-template={{ printf "'{{index .data %q | base64decode}}:{{index .data %q | base64decode}}{{\"\\n\"}}'" $keys.clientId $keys.clientSecret }}
{{- end }}
{{- else }}

Clients bring tokens of {{ .Values.auth.oidc.authServerUrl }}.
{{- end }}
{{- if and (include "polaris.internal" .) (include "polaris.ownRootSecret" .) }}

That Secret stays when the release is removed: the database knows only a hash of the password.
{{- end }}
{{- if and (include "polaris.bootstrapsCatalogs" .) (not .Values.bootstrap.catalogs) }}

It has no catalog yet, for only you know where the data lies. List yours in bootstrap.catalogs and upgrade, or make one by the management API.
{{- end }}
{{- if .Values.tests.enabled }}

Does it work?

  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }} --logs
{{- end }}
{{- if not (include "polaris.jdbc" .) }}

WARNING: persistence.type=in-memory keeps nothing: every catalog is gone when the pod is.
{{- end }}
{{- if include "polaris.insecureStorage" . }}

WARNING: catalogs may lie in the server's own files (FILE), which opens them to every client. Only for trying things out.
{{- end }}
{{- if and (include "polaris.internal" .) (not (include "polaris.brokerSecret" .)) }}

WARNING: the server makes its signing keys anew with each start, and tokens given out before end with it. Set auth.tokenBroker.generate=true or auth.tokenBroker.existingSecret.
{{- end }}
{{- if and (not .Values.image.digest) (eq (toString .Values.image.tag) "latest") }}

WARNING: image.tag=latest can be another version tomorrow.
{{- end }}
{{- end -}}
