{{/* What is said after an install; a helper, so that it can be rendered without one. */}}
{{- define "stereo-spot.notes" -}}
{{- $ui := include "stereo-spot.workloadName" (dict "root" . "key" "webUi") -}}
{{- $media := include "stereo-spot.workloadName" (dict "root" . "key" "mediaWorker") -}}
{{- $video := include "stereo-spot.workloadName" (dict "root" . "key" "videoWorker") -}}
{{- $mediaScaled := include "stereo-spot.scaled" (dict "root" . "key" "mediaWorker") -}}
{{- $videoScaled := include "stereo-spot.scaled" (dict "root" . "key" "videoWorker") -}}
stereo-spot {{ .Chart.Version }} is in namespace {{ .Release.Namespace }}, release {{ .Release.Name }}.

  {{ printf "%-28s" $ui }} the pages: upload, progress, playing
  {{ printf "%-28s" $media }} cuts uploads into pieces and joins the converted ones
  {{ printf "%-28s" $video }} turns each piece into stereo ({{ .Values.videoWorker.model }})

Open it:
{{- if .Values.ingress.enabled }}
{{- if .Values.ingress.host }}
  {{ ternary "https" "http" (not (empty .Values.ingress.tls)) }}://{{ .Values.ingress.host }}{{ .Values.ingress.path }}
{{- else }}
  kubectl get ingress {{ $ui }} -n {{ .Release.Namespace }}     # its address is where the pages are
{{- end }}
{{- else }}
  kubectl port-forward service/{{ $ui }} 8080:{{ int64 .Values.webUi.service.port }} -n {{ .Release.Namespace }}     # then http://localhost:8080
{{- end }}

Look at the workers:
  kubectl get deployments -l app.kubernetes.io/instance={{ .Release.Name }} -n {{ .Release.Namespace }}
{{- if or $mediaScaled $videoScaled }}
  kubectl get scaledobjects -n {{ .Release.Namespace }}
{{- end }}
{{- if .Values.tests.enabled }}

Ask web-ui for its page:
  helm test {{ .Release.Name }} -n {{ .Release.Namespace }}
{{- end }}
{{- $missing := list (include "stereo-spot.missing" (dict "root" . "of" "aws")) (include "stereo-spot.missing" (dict "root" . "of" "queues")) | compact }}
{{- if and $missing (not .Values.aws.existingConfigMap) }}

WARNING: {{ join ", " $missing }} {{ ternary "are" "is" (contains "," (join "," $missing)) }} empty. The pipeline does not work without; Terraform knows them:
  nx run aws-infra:terraform-apply, then -f values-from-terraform.yaml
{{- end }}
{{- range $key, $why := dict "mediaWorker" (list $mediaScaled $media "queues.chunking and queues.reassembly") "videoWorker" (list $videoScaled $video "queues.videoWorker") }}
{{- if and (not (first $why)) (eq (int64 (index $.Values $key).replicas) 0) }}

WARNING: {{ index $why 1 }} has no pods and nothing that starts any. Set {{ index $why 2 }} (and install KEDA), or {{ $key }}.replicas=1.
{{- end }}
{{- end }}
{{- if eq .Values.image.tag "latest" }}

WARNING: image.tag is latest, so what runs depends on when it was pulled. Set it to the commit that was built.
{{- end }}
{{- if and .Values.videoWorker.gpu.enabled (eq .Values.videoWorker.model "stub") }}

WARNING: {{ $video }} asks for a GPU and its model is the stub, which uses none: videoWorker.gpu.enabled=false saves the node.
{{- end }}
{{- end }}
