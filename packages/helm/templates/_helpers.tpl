{{/*
Helpers of the stereo-spot chart. Most take a workload's context: (dict "root" $ "key" "webUi").
*/}}

{{/* The three workloads: component name, container port, and the resource names that each reads from the ConfigMap. */}}
{{- define "stereo-spot.contract" -}}
webUi:
  component: web-ui
  port: http
  names: [INPUT_BUCKET_NAME, OUTPUT_BUCKET_NAME, JOBS_TABLE_NAME]
  optionalNames: [SEGMENT_COMPLETIONS_TABLE_NAME]
mediaWorker:
  component: media-worker
  port: metrics
  names: [INPUT_BUCKET_NAME, OUTPUT_BUCKET_NAME, JOBS_TABLE_NAME, SEGMENT_COMPLETIONS_TABLE_NAME, REASSEMBLY_TRIGGERED_TABLE_NAME, CHUNKING_QUEUE_URL, REASSEMBLY_QUEUE_URL]
videoWorker:
  component: video-worker
  port: metrics
  names: [INPUT_BUCKET_NAME, OUTPUT_BUCKET_NAME, JOBS_TABLE_NAME, SEGMENT_COMPLETIONS_TABLE_NAME, REASSEMBLY_TRIGGERED_TABLE_NAME, VIDEO_WORKER_QUEUE_URL, REASSEMBLY_QUEUE_URL]
{{- end }}

{{/* The eight names from Terraform, as the workloads call them. */}}
{{- define "stereo-spot.resourceNames" -}}
INPUT_BUCKET_NAME: {{ .Values.aws.inputBucketName | quote }}
OUTPUT_BUCKET_NAME: {{ .Values.aws.outputBucketName | quote }}
JOBS_TABLE_NAME: {{ .Values.aws.jobsTableName | quote }}
SEGMENT_COMPLETIONS_TABLE_NAME: {{ .Values.aws.segmentCompletionsTableName | quote }}
REASSEMBLY_TRIGGERED_TABLE_NAME: {{ .Values.aws.reassemblyTriggeredTableName | quote }}
CHUNKING_QUEUE_URL: {{ .Values.queues.chunking | quote }}
VIDEO_WORKER_QUEUE_URL: {{ .Values.queues.videoWorker | quote }}
REASSEMBLY_QUEUE_URL: {{ .Values.queues.reassembly | quote }}
{{- end }}

{{- define "stereo-spot.component" -}}
{{- (index (include "stereo-spot.contract" . | fromYaml) .key).component -}}
{{- end }}

{{- define "stereo-spot.chartName" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/*
Name of an object: (dict "root" $ "name" "web-ui" "shared" false). Workloads' objects have plain names; shared ones begin
with the chart's. With namePrefix everything begins with the release's name. Fits 63 bytes and is a DNS label.
*/}}
{{- define "stereo-spot.objectName" -}}
{{- $values := .root.Values -}}
{{- $prefix := "" -}}
{{- if $values.namePrefix -}}
{{-   $prefix = $values.fullnameOverride | default .root.Release.Name -}}
{{- else if .shared -}}
{{-   $prefix = $values.fullnameOverride | default (include "stereo-spot.chartName" .root) -}}
{{- end -}}
{{- $prefix = $prefix | lower | replace "." "-" | replace "_" "-" -}}
{{- if regexMatch "^[0-9]" $prefix -}}
{{-   $prefix = printf "s%s" $prefix -}}
{{- end -}}
{{- if $prefix -}}
{{-   printf "%s-%s" ($prefix | trunc (int (sub 62 (len .name))) | trimSuffix "-") .name -}}
{{- else -}}
{{-   .name -}}
{{- end -}}
{{- end }}

{{- define "stereo-spot.workloadName" -}}
{{- include "stereo-spot.objectName" (dict "root" .root "name" (include "stereo-spot.component" .)) -}}
{{- end }}

{{- define "stereo-spot.sharedName" -}}
{{- include "stereo-spot.objectName" (dict "root" .root "name" .name "shared" true) -}}
{{- end }}

{{- define "stereo-spot.configMapName" -}}
{{- .Values.aws.existingConfigMap | default (include "stereo-spot.sharedName" (dict "root" . "name" "resources")) -}}
{{- end }}

{{/* Selectors never change: neither version nor chart is in them. */}}
{{- define "stereo-spot.selectorLabels" -}}
app: {{ include "stereo-spot.component" . }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/name: {{ include "stereo-spot.chartName" .root | quote }}
{{- end }}

{{/* Labels of any object: (dict "root" $ "component" "…"), or a workload's context, which adds its selector. */}}
{{- define "stereo-spot.labels" -}}
{{- $labels := dict
  "app.kubernetes.io/component" (.component | default "")
  "app.kubernetes.io/instance" .root.Release.Name
  "app.kubernetes.io/managed-by" .root.Release.Service
  "app.kubernetes.io/name" (include "stereo-spot.chartName" .root)
  "app.kubernetes.io/part-of" "stereo-spot"
  "app.kubernetes.io/version" .root.Chart.AppVersion
  "environment" .root.Values.environment
  "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
-}}
{{- if .key -}}
{{-   $labels = set $labels "app.kubernetes.io/component" (include "stereo-spot.component" .) -}}
{{-   $labels = merge (include "stereo-spot.selectorLabels" . | fromYaml) $labels -}}
{{- end -}}
{{- merge $labels (.extra | default dict) .root.Values.commonLabels | toYaml -}}
{{- end }}

{{/* The annotations block of an object: (dict "root" $ "extra" (dict …)); nothing when there are none. */}}
{{- define "stereo-spot.annotations" -}}
{{- with merge (dict) (.extra | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* metadata of an object: name, labels, annotations. */}}
{{- define "stereo-spot.metadata" -}}
name: {{ .name }}
labels:
  {{- include "stereo-spot.labels" . | nindent 2 }}
{{- include "stereo-spot.annotations" (dict "root" .root "extra" .annotations) }}
{{- end }}

{{/* metadata of a workload's object: the workload's context with "annotations" if there are any. */}}
{{- define "stereo-spot.workloadMetadata" -}}
{{- include "stereo-spot.metadata" (set (omit . "name") "name" (include "stereo-spot.workloadName" .)) -}}
{{- end }}

{{/* metadata of a workload's pods. The checksum covers the names that this workload reads, and no others. */}}
{{- define "stereo-spot.podMetadata" -}}
{{- $workload := index .root.Values .key -}}
{{- $annotations := dict -}}
{{- if not .root.Values.aws.existingConfigMap -}}
{{-   $contract := index (include "stereo-spot.contract" .root | fromYaml) .key -}}
{{-   $all := include "stereo-spot.resourceNames" .root | fromYaml -}}
{{-   $read := dict -}}
{{-   range concat $contract.names ($contract.optionalNames | default list) -}}
{{-     $read = set $read . (index $all .) -}}
{{-   end -}}
{{-   $annotations = dict "checksum/config" ($read | toJson | sha256sum) -}}
{{- end -}}
labels:
  {{- include "stereo-spot.labels" (dict "root" .root "key" .key "extra" $workload.podLabels) | nindent 2 }}
{{- include "stereo-spot.annotations" (dict "root" .root "extra" (merge $annotations $workload.podAnnotations)) }}
{{- end }}

{{- define "stereo-spot.image" -}}
{{- $repository := index .root.Values.images .key | default (printf "stereo-spot-%s" (include "stereo-spot.component" .)) -}}
{{- with index .root.Values.image.digests .key -}}
{{-   printf "%s@%s" $repository . -}}
{{- else -}}
{{-   printf "%s:%s" $repository .root.Values.image.tag -}}
{{- end -}}
{{- end }}

{{- define "stereo-spot.serviceAccountName" -}}
{{- $account := index .root.Values.serviceAccounts .key -}}
{{- if $account.create -}}
{{-   $account.name | default (include "stereo-spot.workloadName" .) -}}
{{- else -}}
{{-   $account.name | default "default" -}}
{{- end -}}
{{- end }}

{{/* "true" when the chart scales this worker through KEDA. */}}
{{- define "stereo-spot.scaled" -}}
{{- if .root.Values.keda.enabled -}}
{{-   $queues := .root.Values.queues -}}
{{-   if eq .key "mediaWorker" -}}
{{-     if and $queues.chunking $queues.reassembly }}true{{ end -}}
{{-   else if eq .key "videoWorker" -}}
{{-     if $queues.videoWorker }}true{{ end -}}
{{-   end -}}
{{- end -}}
{{- end }}

{{/* "true" when anything is scaled through KEDA. */}}
{{- define "stereo-spot.anyScaled" -}}
{{- if or (include "stereo-spot.scaled" (dict "root" . "key" "mediaWorker")) (include "stereo-spot.scaled" (dict "root" . "key" "videoWorker")) }}true{{ end -}}
{{- end }}

{{/* The fewest pods that web-ui is meant to have. */}}
{{- define "stereo-spot.webUiFloor" -}}
{{- if .Values.webUi.autoscaling.enabled -}}
{{-   int64 .Values.webUi.autoscaling.minReplicas -}}
{{- else -}}
{{-   int64 .Values.webUi.replicas -}}
{{- end -}}
{{- end }}

{{/*
Variables of a workload's container: the contract's names from the ConfigMap, then "settings" (a map of plain ones), then the
user's `env`, which replaces a variable of the same name (two of one name are refused by server-side apply).
*/}}
{{- define "stereo-spot.env" -}}
{{- $root := .root -}}
{{- $contract := index (include "stereo-spot.contract" $root | fromYaml) .key -}}
{{- $configMap := include "stereo-spot.configMapName" $root -}}
{{- $own := (index $root.Values .key).env -}}
{{- $taken := list -}}
{{- range $own }}{{ $taken = append $taken .name }}{{ end -}}
{{- $env := list -}}
{{- range $contract.names -}}
{{-   $env = append $env (dict "name" . "valueFrom" (dict "configMapKeyRef" (dict "name" $configMap "key" .))) -}}
{{- end -}}
{{- range $contract.optionalNames -}}
{{-   $env = append $env (dict "name" . "valueFrom" (dict "configMapKeyRef" (dict "name" $configMap "key" . "optional" true))) -}}
{{- end -}}
{{- $settings := set .settings "AWS_REGION" $root.Values.global.awsRegion -}}
{{- with $root.Values.aws.endpointUrl -}}
{{-   $settings = set $settings "AWS_ENDPOINT_URL" . -}}
{{- end -}}
{{- range $name, $value := $settings -}}
{{-   $env = append $env (dict "name" $name "value" (toString $value)) -}}
{{- end -}}
{{- $all := list -}}
{{- range $env -}}
{{-   if not (has .name $taken) }}{{ $all = append $all . }}{{ end -}}
{{- end -}}
{{- concat $all $own | toYaml -}}
{{- end }}

{{/* Requests and limits: the scratch space is requested, the GPU comes and goes with its switch. */}}
{{- define "stereo-spot.resources" -}}
{{- $workload := index .root.Values .key -}}
{{- $requests := merge (dict) ($workload.resources.requests | default dict) (dict "ephemeral-storage" $workload.scratch.sizeLimit) -}}
{{- $limits := merge (dict) ($workload.resources.limits | default dict) -}}
{{- with $workload.gpu -}}
{{-   $requests = omit $requests .resourceName -}}
{{-   $limits = omit $limits .resourceName -}}
{{-   if .enabled -}}
{{-     $requests = set $requests .resourceName (int64 .count) -}}
{{-     $limits = set $limits .resourceName (int64 .count) -}}
{{-   end -}}
{{- end -}}
{{- merge (dict "requests" $requests "limits" $limits) (omit $workload.resources "requests" "limits") | toYaml -}}
{{- end }}

{{/* What the container of every workload has in common, from `image` to `resources`: context plus "settings". */}}
{{- define "stereo-spot.container" -}}
{{- $workload := index .root.Values .key -}}
name: {{ include "stereo-spot.component" . }}
image: {{ include "stereo-spot.image" . | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
env:
  {{- include "stereo-spot.env" . | nindent 2 }}
{{- with $workload.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $probe := list "startupProbe" "livenessProbe" "readinessProbe" }}
{{- with index $workload $probe }}
{{ $probe }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
resources:
  {{- include "stereo-spot.resources" . | nindent 2 }}
{{- with $workload.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Constraints of topology with the workload's own selector where none is given. */}}
{{- define "stereo-spot.topologySpread" -}}
{{- $selector := dict "matchLabels" (include "stereo-spot.selectorLabels" . | fromYaml) -}}
{{- $constraints := list -}}
{{- range (index .root.Values .key).topologySpreadConstraints -}}
{{-   $constraints = append $constraints (merge (dict) . (dict "labelSelector" $selector)) -}}
{{- end -}}
{{- if and (eq .key "webUi") (not $constraints) (gt (int (include "stereo-spot.webUiFloor" .root)) 1) -}}
{{-   $constraints = list (dict "maxSkew" 1 "topologyKey" "topology.kubernetes.io/zone" "whenUnsatisfiable" "ScheduleAnyway" "labelSelector" $selector) -}}
{{- end -}}
{{- with $constraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Where and as whom a workload's pods run. */}}
{{- define "stereo-spot.podSettings" -}}
{{- $workload := index .root.Values .key -}}
{{- $nodeSelector := $workload.nodeSelector -}}
{{- $tolerations := $workload.tolerations -}}
{{- if and $workload.gpu ($workload.gpu | default dict).enabled -}}
{{-   $tolerations = append $tolerations (dict "key" $workload.gpu.resourceName "operator" "Exists" "effect" "NoSchedule") -}}
{{-   if .root.Values.karpenter.enabled -}}
{{-     $nodeSelector = merge (dict) $nodeSelector (dict "karpenter.sh/nodepool" (include "stereo-spot.nodePoolName" .root)) -}}
{{-   end -}}
{{- end -}}
serviceAccountName: {{ include "stereo-spot.serviceAccountName" . }}
automountServiceAccountToken: {{ (index .root.Values.serviceAccounts .key).automountToken }}
terminationGracePeriodSeconds: {{ int64 $workload.terminationGracePeriodSeconds }}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $workload.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $workload.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with $workload.runtimeClassName }}
runtimeClassName: {{ . | quote }}
{{- end }}
{{- with $nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $workload.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "stereo-spot.topologySpread" . }}
{{- end }}

{{/* The whole pod template of a worker: context plus "settings". */}}
{{- define "stereo-spot.workerPod" -}}
{{- $workload := index .root.Values .key -}}
metadata:
  {{- include "stereo-spot.podMetadata" . | nindent 2 }}
spec:
  {{- include "stereo-spot.podSettings" . | nindent 2 }}
  containers:
    - {{ include "stereo-spot.container" . | indent 6 | trim }}
      ports:
        - name: metrics
          containerPort: {{ int64 $workload.metrics.port }}
      volumeMounts:
        - name: scratch
          mountPath: /scratch
        - name: scratch
          mountPath: /tmp
          subPath: tmp
        {{- with $workload.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: scratch
      emptyDir:
        sizeLimit: {{ $workload.scratch.sizeLimit | quote }}
    {{- with $workload.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "stereo-spot.triggerAuthenticationName" -}}
{{- .Values.keda.auth.existingTriggerAuthentication | default (include "stereo-spot.sharedName" (dict "root" . "name" "aws-irsa")) -}}
{{- end }}

{{/* One trigger: (dict "root" $ "name" "chunking" "queueURL" … "queueLength" …). KEDA wants strings throughout. */}}
{{- define "stereo-spot.sqsTrigger" -}}
{{- $keda := .root.Values.keda -}}
- type: aws-sqs-queue
  name: {{ .name }}
  metadata:
    queueURL: {{ .queueURL | quote }}
    queueLength: {{ int64 .queueLength | quote }}
    activationQueueLength: {{ int64 $keda.activationQueueLength | quote }}
    awsRegion: {{ .root.Values.global.awsRegion | quote }}
    {{- with $keda.awsEndpoint | default .root.Values.aws.endpointUrl }}
    awsEndpoint: {{ . | quote }}
    {{- end }}
    scaleOnInFlight: {{ $keda.scaleOnInFlight | quote }}
  authenticationRef:
    name: {{ include "stereo-spot.triggerAuthenticationName" .root }}
{{- end }}

{{/* The spec of a ScaledObject up to its triggers. */}}
{{- define "stereo-spot.scaling" -}}
{{- $workload := index .root.Values .key -}}
{{- $keda := .root.Values.keda -}}
scaleTargetRef:
  name: {{ include "stereo-spot.workloadName" . }}
minReplicaCount: {{ int64 $workload.minReplicas }}
maxReplicaCount: {{ int64 $workload.maxReplicas }}
pollingInterval: {{ int64 $keda.pollingInterval }}
cooldownPeriod: {{ int64 $keda.cooldownPeriod }}
initialCooldownPeriod: {{ int64 $keda.initialCooldownPeriod }}
{{- if $keda.fallback.enabled }}
fallback:
  failureThreshold: {{ int64 $keda.fallback.failureThreshold }}
  replicas: {{ int64 $keda.fallback.replicas }}
{{- end }}
{{- with $keda.behavior }}
advanced:
  horizontalPodAutoscalerConfig:
    behavior:
      {{- toYaml . | nindent 6 }}
{{- end }}
{{- end }}

{{- define "stereo-spot.nodePoolName" -}}
{{- include "stereo-spot.sharedName" (dict "root" . "name" "gpu") -}}
{{- end }}

{{- define "stereo-spot.nodeClassName" -}}
{{- .Values.karpenter.nodeClass.name | default (include "stereo-spot.nodePoolName" .) -}}
{{- end }}

{{/* Egress of every workload: DNS, and HTTPS (with the port of another endpoint) to the CIDRs. */}}
{{- define "stereo-spot.egress" -}}
{{- $ports := list 443 -}}
{{- with .Values.aws.endpointUrl -}}
{{-   $host := (urlParse .).host -}}
{{-   $port := ternary 80 443 (hasPrefix "http:" .) -}}
{{-   if regexMatch ":[0-9]+$" $host }}{{ $port = int (regexFind "[0-9]+$" $host) }}{{ end -}}
{{-   $ports = append $ports $port | uniq -}}
{{- end -}}
- ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
{{- with .Values.networkPolicy.egressToCIDRs }}
- to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
  ports:
    {{- range $ports }}
    - protocol: TCP
      port: {{ . }}
    {{- end }}
{{- end }}
{{- with .Values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels by which the pods of `helm test` are known. */}}
{{- define "stereo-spot.testLabels" -}}
app.kubernetes.io/component: test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/name: {{ include "stereo-spot.chartName" . | quote }}
{{- end }}
