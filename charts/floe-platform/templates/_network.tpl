{{- /* Who may reach whom. Labels, names and ports come from the helpers that write the Services and the pods, so the two cannot part. */ -}}

{{- /* The labels of all pods of one chart in this release. root (the context of that chart). */ -}}
{{- define "floe-platform.pods" -}}
{{- $labels := fromYaml (include "floe.selectorLabels" (dict "root" .root "component" "any")) -}}
{{- toYaml (omit $labels "app.kubernetes.io/component") -}}
{{- end -}}

{{- /* A peer of a rule, as YAML: pods, and the namespace they are in where it is another. pods, namespace. */ -}}
{{- define "floe-platform.peer" -}}
podSelector:
  {{- if .pods }}
  matchLabels:
    {{- toYaml .pods | nindent 4 }}
  {{- else }} {}
  {{- end }}
{{- with .namespace }}
namespaceSelector:
  matchLabels:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end -}}

{{- /* A rule, as YAML {from|to, ports}: no peers means anybody. way (from, to), peers, ports, protocols ([TCP]). */ -}}
{{- define "floe-platform.rule" -}}
{{- $ports := list -}}
{{- $protocols := .protocols | default (list "TCP") -}}
{{- range $port := .ports | uniq -}}
{{- range $protocols -}}{{- $ports = append $ports (dict "port" (int $port) "protocol" .) -}}{{- end -}}
{{- end -}}
{{- $rule := dict "ports" $ports -}}
{{- with .peers -}}{{- $_ := set $rule $.way . -}}{{- end -}}
{{- toYaml $rule -}}
{{- end -}}

{{- /* The peers of addresses. cidrs. */ -}}
{{- define "floe-platform.addresses" -}}
{{- range .cidrs }}
- ipBlock: {cidr: {{ . | quote }}}
{{- end -}}
{{- end -}}

{{- /* All policies, as a YAML list of {name, spec}. */ -}}
{{- define "floe-platform.policies" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $own := fromYaml (include "floe-platform.pods" (dict "root" .)) -}}
{{- $ownPeer := fromYaml (include "floe-platform.peer" (dict "pods" $own)) -}}
{{- $release := pick $own "app.kubernetes.io/instance" -}}
{{- $releasePeer := fromYaml (include "floe-platform.peer" (dict "pods" $release)) -}}
{{- $ingressPeer := fromYaml (include "floe-platform.peer" (dict "pods" $policy.ingressController.podSelector "namespace" $policy.ingressController.namespaceSelector)) -}}
{{- $prometheusPeer := fromYaml (include "floe-platform.peer" (dict "pods" $policy.prometheus.podSelector "namespace" $policy.prometheus.namespaceSelector)) -}}
{{- $jobsPeer := fromYaml (include "floe-platform.peer" (dict "pods" $policy.jobs.podSelector "namespace" $policy.jobs.namespaceSelector)) -}}
{{- $webserver := fromYaml (include "floe-platform.service" (dict "root" . "service" "dagster-webserver")) -}}
{{- $polaris := fromYaml (include "floe-platform.service" (dict "root" . "service" "polaris")) -}}
{{- $grpc := fromYaml (include "floe-platform.service" (dict "root" . "service" "otel-grpc")) -}}
{{- $http := fromYaml (include "floe-platform.service" (dict "root" . "service" "otel-http")) -}}
{{- $collector := $http | default $grpc -}}
{{- $database := include "floe-platform.postgresql" (dict "root" .) -}}
{{- $consumers := splitList " " (include "floe-platform.consumers" (dict "root" .)) -}}

{{- /* What several may reach. */ -}}
{{- $toDatabase := dict -}}
{{- if $database -}}
{{- $peer := fromYaml (include "floe-platform.peer" (dict "pods" (fromYaml (include "floe.selectorLabels" (dict "root" . "component" "postgresql"))))) -}}
{{- $toDatabase = fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (list $peer) "ports" (list 5432))) -}}
{{- else -}}
{{- $peers := fromYamlArray (include "floe-platform.addresses" (dict "cidrs" $policy.database.cidrs)) -}}
{{- $toDatabase = fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" $peers "ports" (list .Values.global.postgresql.port))) -}}
{{- end -}}
{{- $otel := list -}}
{{- range list $grpc $http -}}{{- if . -}}{{- $otel = append $otel .containerPort -}}{{- end -}}{{- end -}}
{{- $toCollector := dict -}}
{{- if $collector -}}
{{- $toCollector = fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (list (fromYaml (include "floe-platform.peer" (dict "pods" $collector.labels)))) "ports" $otel)) -}}
{{- end -}}
{{- $toPolaris := dict -}}
{{- if $polaris -}}
{{- $toPolaris = fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (list (fromYaml (include "floe-platform.peer" (dict "pods" $polaris.labels)))) "ports" (list $polaris.containerPort))) -}}
{{- end -}}
{{- $toWebserver := dict -}}
{{- if $webserver -}}
{{- $toWebserver = fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (list (fromYaml (include "floe-platform.peer" (dict "pods" $webserver.labels)))) "ports" (list $webserver.containerPort))) -}}
{{- end -}}
{{- $toS3 := fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (fromYamlArray (include "floe-platform.addresses" $policy.s3)) "ports" (list $policy.s3.port))) -}}
{{- $toApiServer := fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (fromYamlArray (include "floe-platform.addresses" $policy.apiServer)) "ports" $policy.apiServer.ports)) -}}
{{- $dnsPeer := fromYaml (include "floe-platform.peer" (dict "pods" $policy.dns.podSelector "namespace" $policy.dns.namespaceSelector)) -}}
{{- $toDns := fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (list $dnsPeer) "ports" (list $policy.dns.port) "protocols" (list "UDP" "TCP"))) -}}

{{- /* The policies themselves. */ -}}
{{- $policies := list -}}
{{- $types := list "Ingress" "Egress" -}}
{{- if $policy.defaultDeny -}}
{{- $spec := dict "podSelector" (dict "matchLabels" $release) "policyTypes" $types "ingress" $policy.extraIngress "egress" (prepend $policy.extraEgress $toDns) -}}
{{- $policies = append $policies (dict "name" "default-deny" "spec" $spec) -}}
{{- end -}}

{{- $dns := ternary list (list $toDns) (eq $policy.defaultDeny true) -}}
{{- with .Subcharts.dagster -}}
{{- $pods := fromYaml (include "floe-platform.pods" (dict "root" .)) -}}
{{- $peer := fromYaml (include "floe-platform.peer" (dict "pods" $pods)) -}}
{{- $code := list -}}
{{- $port := .Values.codeServer.port -}}
{{- range .Values.codeLocations -}}{{- if .image -}}{{- $code = append $code (.port | default $port | int) | uniq -}}{{- end -}}{{- end -}}
{{- $ingress := list (fromYaml (include "floe-platform.rule" (dict "way" "from" "peers" (list $ingressPeer $peer $ownPeer) "ports" (list $webserver.containerPort)))) -}}
{{- $egress := concat $dns (list $toDatabase $toApiServer $toS3) -}}
{{- with $code -}}
{{- $ingress = append $ingress (fromYaml (include "floe-platform.rule" (dict "way" "from" "peers" (list $peer) "ports" .))) -}}
{{- end -}}
{{- $inside := uniq (prepend $code $webserver.containerPort) -}}
{{- $egress = append $egress (fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (list $peer) "ports" $inside))) -}}
{{- range list $toPolaris $toCollector -}}{{- if . -}}{{- $egress = append $egress . -}}{{- end -}}{{- end -}}
{{- $policies = append $policies (dict "name" "dagster" "spec" (dict "podSelector" (dict "matchLabels" $pods) "policyTypes" $types "ingress" $ingress "egress" $egress)) -}}
{{- end -}}

{{- with .Subcharts.polaris -}}
{{- $pods := fromYaml (include "floe-platform.pods" (dict "root" .)) -}}
{{- $peer := fromYaml (include "floe-platform.peer" (dict "pods" $pods)) -}}
{{- $from := list $ingressPeer $jobsPeer $peer $ownPeer -}}
{{- with $.Subcharts.dagster -}}{{- $from = append $from (fromYaml (include "floe-platform.peer" (dict "pods" (fromYaml (include "floe-platform.pods" (dict "root" .)))))) -}}{{- end -}}
{{- $ingress := list (fromYaml (include "floe-platform.rule" (dict "way" "from" "peers" $from "ports" (list $polaris.containerPort)))) -}}
{{- $management := .Values.managementService.port -}}
{{- $ingress = append $ingress (fromYaml (include "floe-platform.rule" (dict "way" "from" "peers" (list $prometheusPeer $peer) "ports" (list $management)))) -}}
{{- $egress := concat $dns (list $toS3 (fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (list $peer) "ports" (list $polaris.containerPort $management))))) -}}
{{- if has "polaris" $consumers -}}{{- $egress = append $egress $toDatabase -}}{{- end -}}
{{- with $toCollector -}}{{- $egress = append $egress . -}}{{- end -}}
{{- $policies = append $policies (dict "name" "polaris" "spec" (dict "podSelector" (dict "matchLabels" $pods) "policyTypes" $types "ingress" $ingress "egress" $egress)) -}}
{{- end -}}

{{- with get .Subcharts "otel-collector" -}}
{{- $pods := fromYaml (include "floe-platform.pods" (dict "root" .)) -}}
{{- $ingress := list -}}
{{- with $otel -}}{{- $ingress = append $ingress (fromYaml (include "floe-platform.rule" (dict "way" "from" "peers" (list $releasePeer $jobsPeer $ingressPeer) "ports" .))) -}}{{- end -}}
{{- $metrics := list -}}
{{- if .Values.metrics.enabled -}}{{- $metrics = append $metrics .Values.metrics.port -}}{{- end -}}
{{- if .Values.exporters.prometheus.enabled -}}{{- $metrics = append $metrics .Values.exporters.prometheus.port -}}{{- end -}}
{{- with $metrics -}}{{- $ingress = append $ingress (fromYaml (include "floe-platform.rule" (dict "way" "from" "peers" (list $prometheusPeer) "ports" .))) -}}{{- end -}}
{{- $exporters := $.Values.networkPolicy.exporters -}}
{{- $egress := concat $dns (list (fromYaml (include "floe-platform.rule" (dict "way" "to" "peers" (fromYamlArray (include "floe-platform.addresses" $exporters)) "ports" $exporters.ports)))) -}}
{{- with $toCollector -}}{{- $egress = append $egress . -}}{{- end -}}
{{- $policies = append $policies (dict "name" "otel-collector" "spec" (dict "podSelector" (dict "matchLabels" $pods) "policyTypes" $types "ingress" $ingress "egress" $egress)) -}}
{{- end -}}

{{- if $database -}}
{{- $pods := fromYaml (include "floe.selectorLabels" (dict "root" . "component" "postgresql")) -}}
{{- $from := list $ownPeer -}}
{{- range list "dagster" "polaris" -}}
{{- if has . $consumers -}}{{- $from = append $from (fromYaml (include "floe-platform.peer" (dict "pods" (fromYaml (include "floe-platform.pods" (dict "root" (get $.Subcharts .))))))) -}}{{- end -}}
{{- end -}}
{{- $ingress := list (fromYaml (include "floe-platform.rule" (dict "way" "from" "peers" $from "ports" (list 5432)))) -}}
{{- $policies = append $policies (dict "name" "postgresql" "spec" (dict "podSelector" (dict "matchLabels" $pods) "policyTypes" $types "ingress" $ingress "egress" $dns)) -}}
{{- end -}}

{{- /* The short-lived pods of this chart: init Job, hooks, backup, tests. */ -}}
{{- $egress := $dns -}}
{{- if compact $consumers -}}{{- $egress = append $egress $toDatabase -}}{{- end -}}
{{- range list $toWebserver $toPolaris $toCollector -}}{{- if . -}}{{- $egress = append $egress . -}}{{- end -}}{{- end -}}
{{- $tasks := list "database-init" "prerequisites" "backup" "test" -}}
{{- $selector := dict "matchLabels" $own "matchExpressions" (list (dict "key" "app.kubernetes.io/component" "operator" "In" "values" $tasks)) -}}
{{- $policies = append $policies (dict "name" "jobs" "spec" (dict "podSelector" $selector "policyTypes" $types "ingress" list "egress" $egress)) -}}
{{- toYaml $policies -}}
{{- end -}}
