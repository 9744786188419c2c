{{- /* "true" where a map holds an image whose tag is latest, at any depth, as lines "path". value, path. */ -}}
{{- define "floe-platform.latest" -}}
{{- $path := .path -}}
{{- if kindIs "map" .value -}}
{{- if and (hasKey .value "repository") (eq (get .value "tag" | toString) "latest") (not (get .value "digest")) }}
{{ $path }}
{{- end -}}
{{- range $key, $value := .value -}}
{{- include "floe-platform.latest" (dict "value" $value "path" (printf "%s.%s" $path $key | trimPrefix ".")) -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- range $index, $value := .value -}}
{{- include "floe-platform.latest" (dict "value" $value "path" (printf "%s[%d]" $path $index)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* A quantity of bytes as a number, to compare two that are written differently: the server writes 1024Mi as 1Gi. */ -}}
{{- define "floe-platform.bytes" -}}
{{- $units := dict "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 -}}
{{- $unit := regexFind "[A-Za-z]+$" . -}}
{{- mulf (trimSuffix $unit . | float64) (get $units $unit | default 1.0) -}}
{{- end -}}

{{- /* What an upgrade would change about the database's volume, which Kubernetes lets no StatefulSet change; as a YAML list. Nothing where no
cluster answers. root, name. */ -}}
{{- define "floe-platform.volumeProblems" -}}
{{- $problems := list -}}
{{- $volume := .root.Values.postgresql.persistence -}}
{{- $held := lookup "apps/v1" "StatefulSet" .root.Release.Namespace .name -}}
{{- if $held -}}
{{- $way := printf "set it back, or delete the StatefulSet but not its pod and volume (kubectl --namespace %s delete statefulset %s --cascade=orphan) and upgrade again" .root.Release.Namespace .name -}}
{{- $claims := dig "spec" "volumeClaimTemplates" list $held | default list -}}
{{- $wanted := and $volume.enabled (not $volume.existingClaim) -}}
{{- if ne (empty $claims) (not $wanted) -}}
{{- $problems = append $problems (printf "postgresql.persistence.enabled or postgresql.persistence.existingClaim has changed since the first install, and the volume of %s cannot: %s" .name $way) -}}
{{- else if $wanted -}}
{{- $claim := first $claims -}}
{{- $size := dig "spec" "resources" "requests" "storage" "" $claim | toString -}}
{{- if ne (include "floe-platform.bytes" $size) (include "floe-platform.bytes" ($volume.size | toString)) -}}
{{- $problems = append $problems (printf "postgresql.persistence.size is %s, and the volume of %s was made with %s, which cannot be changed: %s; a volume itself grows where its class lets it" $volume.size .name $size $way) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}

{{- /* All that cannot be, told at once. */ -}}
{{- define "floe-platform.validate" -}}
{{- $problems := list -}}
{{- $values := .Values -}}
{{- $global := $values.global -}}
{{- $prod := eq $global.environment "prod" -}}
{{- $root := dict "root" . -}}
{{- $consumers := compact (splitList " " (include "floe-platform.consumers" $root)) -}}
{{- $who := join " and " $consumers -}}
{{- $ownName := include "floe-platform.postgresqlName" $root -}}
{{- $host := include "floe.postgresql" (dict "root" . "key" "host") -}}
{{- $secret := include "floe.postgresql" (dict "root" . "key" "existingSecret") -}}
{{- $running := include "floe-platform.postgresql" $root -}}

{{- /* The database. */ -}}
{{- if $running -}}
{{- $problems = concat $problems (fromYamlArray (include "floe-platform.volumeProblems" (dict "root" . "name" $ownName))) -}}
{{- end -}}
{{- if and $consumers (not $values.postgresql.enabled) -}}
{{- if or (not $host) (include "floe-platform.ownDatabaseWord" (dict "root" . "key" "host")) -}}
{{- $problems = append $problems (printf "postgresql.enabled is false and global.postgresql.host names no other database for %s: set postgresql.enabled=true, or global.postgresql.host to yours (postgres.databases.svc)" $who) -}}
{{- end -}}
{{- if and (or (not $secret) (include "floe-platform.ownDatabaseWord" (dict "root" . "key" "existingSecret"))) (not (include "floe-platform.storedSecret" $root)) -}}
{{- $problems = append $problems (printf "postgresql.enabled is false and global.postgresql.existingSecret names no Secret with the password for %s: create one with the key %s and name it there (floe-database), or set externalSecrets.postgresql.enabled=true" $who $global.postgresql.passwordKey) -}}
{{- end -}}
{{- end -}}
{{- if and $running (ne $host $ownName) -}}
{{- $problems = append $problems (printf "postgresql.enabled is true while global.postgresql.host is %s: set postgresql.enabled=false to use that database, or leave the host out to use the one of this chart" ($host | default "empty")) -}}
{{- end -}}
{{- if and $running (not $secret) -}}
{{- $problems = append $problems "global.postgresql.existingSecret is empty: leave it out to have one generated, or name yours (floe-database)" -}}
{{- end -}}
{{- if and $running (include "floe-platform.ownSecret" $root) (not $global.generateSecrets) -}}
{{- $problems = append $problems (printf "global.generateSecrets is false and global.postgresql.existingSecret names no Secret: create one, for example %s, with the key %s, and name it there" $ownName $global.postgresql.passwordKey) -}}
{{- end -}}
{{- if and $values.postgresql.password (not (include "floe-platform.ownSecret" $root)) -}}
{{- $problems = append $problems "postgresql.password would do nothing: the password comes from the Secret that global.postgresql.existingSecret or externalSecrets.postgresql names, or no database runs here; leave one of the two out" -}}
{{- end -}}
{{- if and $values.postgresql.persistence.existingClaim (not $values.postgresql.persistence.enabled) -}}
{{- $problems = append $problems "postgresql.persistence.existingClaim is set while postgresql.persistence.enabled is false: enable it, or leave the claim out" -}}
{{- end -}}
{{- $names := dict -}}
{{- range $chart := list "dagster" "polaris" "otel-collector" "postgresql" -}}
{{- $context := get $.Subcharts $chart -}}
{{- if or $context (and (eq $chart "postgresql") $running) -}}
{{- $name := include "floe.fullname" (dict "root" ($context | default $) "name" $chart) -}}
{{- if hasKey $names $name -}}
{{- $problems = append $problems (printf "%s and %s would both be named %s: take another release name, or set %s.fullnameOverride" (get $names $name) $chart $name (ternary (get $names $name) $chart (eq $chart "postgresql"))) -}}
{{- end -}}
{{- $_ := set $names $name $chart -}}
{{- end -}}
{{- end -}}

{{- /* Where siblings look for the collector; Polaris says the same of itself. */ -}}
{{- with get .Subcharts "otel-collector" -}}
{{- range $key, $endpoint := pick ($global.otlp | default dict) "grpcEndpoint" "httpEndpoint" -}}
{{- if and (or (get $values "otel-collector").fullnameOverride (get $values "otel-collector").nameOverride) (regexMatch `include "floe\.fullname" .*"otel-collector"` (toString $endpoint)) -}}
{{- $problems = append $problems (printf "otel-collector.fullnameOverride or nameOverride renames the Service that global.otlp.%s still names: set that to its new address" $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Production. */ -}}
{{- if $prod -}}
{{- if $running -}}
{{- $problems = append $problems "postgresql.enabled is true while global.environment is prod: the database of this chart is one pod without a standby; set postgresql.enabled=false and global.postgresql.host to one that is kept by an operator or a cloud" -}}
{{- end -}}
{{- if $values.postgresql.password -}}
{{- $problems = append $problems "postgresql.password stands in a values file while global.environment is prod: put it into a Secret and name that in global.postgresql.existingSecret" -}}
{{- end -}}
{{- if eq (include "floe-platform.polarisPersistence" $root) "in-memory" -}}
{{- $problems = append $problems "polaris.persistence.type is in-memory while global.environment is prod: a restart would forget every catalog; set relational-jdbc" -}}
{{- end -}}
{{- with .Subcharts.polaris -}}
{{- if and .Values.bootstrap.enabled (not .Values.bootstrap.credentials.existingSecret) -}}
{{- $problems = append $problems "polaris.bootstrap.credentials.existingSecret is empty while global.environment is prod: create a Secret with the root credentials and name it there (floe-polaris-root)" -}}
{{- end -}}
{{- if and (ne .Values.auth.type "external") (not .Values.auth.tokenBroker.existingSecret) -}}
{{- $problems = append $problems "polaris.auth.tokenBroker.existingSecret is empty while global.environment is prod: create a Secret with the keys of tokens and name it there (floe-polaris-token-broker)" -}}
{{- end -}}
{{- end -}}
{{- range splitList "\n" (trim (include "floe-platform.latest" (dict "value" ($values | toJson | fromJson) "path" ""))) -}}
{{- with trim . -}}
{{- $problems = append $problems (printf "%s.tag is latest while global.environment is prod: name a version, or a digest" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* What this chart adds around the subcharts. */ -}}
{{- $least := $values.hooks.prerequisites.minKubeVersion -}}
{{- if not (semverCompare (printf ">=%s-0" $least) (regexFind "^v?[0-9]+\\.[0-9]+(\\.[0-9]+)?" .Capabilities.KubeVersion.Version)) -}}
{{- $problems = append $problems (printf "hooks.prerequisites.minKubeVersion asks for Kubernetes %s, this is %s: upgrade the cluster, or lower the key if you know that it works" $least .Capabilities.KubeVersion.Version) -}}
{{- end -}}
{{- $backup := $values.hooks.backup -}}
{{- if $backup.enabled -}}
{{- if not $backup.existingClaim -}}
{{- $problems = append $problems "hooks.backup.existingClaim is required when hooks.backup.enabled: the claim that dumps are written to (floe-backups)" -}}
{{- end -}}
{{- if not $consumers -}}
{{- $problems = append $problems "hooks.backup.enabled has nothing to dump: no component here has a database; disable it" -}}
{{- end -}}
{{- if not (or $backup.schedule $backup.preUpgrade $backup.preDelete) -}}
{{- $problems = append $problems "hooks.backup.enabled would never dump: set hooks.backup.schedule, preUpgrade or preDelete" -}}
{{- end -}}
{{- end -}}
{{- if $values.ingress.enabled -}}
{{- if not $values.ingress.hosts -}}
{{- $problems = append $problems "ingress.hosts is required when ingress.enabled, for example [{host: floe.your.domain, paths: [{path: /, service: dagster-webserver}]}]" -}}
{{- end -}}
{{- range $index, $rule := $values.ingress.hosts -}}
{{- range .paths -}}
{{- if not (include "floe-platform.service" (dict "root" $ "service" .service)) -}}
{{- $problems = append $problems (printf "ingress.hosts[%d] leads to %s, which is not part of this release: enable it, or take the path out" $index .service) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $stored := $values.externalSecrets -}}
{{- if $stored.enabled -}}
{{- if not $stored.secretStoreRef.name -}}
{{- $problems = append $problems "externalSecrets.secretStoreRef.name is required when externalSecrets.enabled: the store that Secrets come from (aws-secrets-manager)" -}}
{{- end -}}
{{- if and $stored.postgresql.enabled (not $stored.postgresql.remoteRef.key) -}}
{{- $problems = append $problems "externalSecrets.postgresql.remoteRef.key is required when externalSecrets.postgresql.enabled: where the store has the password (floe/postgresql)" -}}
{{- end -}}
{{- if not (or $stored.postgresql.enabled $stored.extra) -}}
{{- $problems = append $problems "externalSecrets.enabled has no Secret to fetch: set externalSecrets.postgresql.enabled=true or name some in externalSecrets.extra" -}}
{{- end -}}
{{- else if $stored.postgresql.enabled -}}
{{- $problems = append $problems "externalSecrets.postgresql.enabled does nothing while externalSecrets.enabled is false: set both" -}}
{{- end -}}
{{- if and $values.resourceQuota.enabled (not $values.resourceQuota.hard) -}}
{{- $problems = append $problems "resourceQuota.hard is required when resourceQuota.enabled, for example {requests.cpu: \"8\", requests.memory: 16Gi}" -}}
{{- end -}}
{{- if and $values.limitRange.enabled (not $values.limitRange.limits) -}}
{{- $problems = append $problems "limitRange.limits is required when limitRange.enabled, for example [{type: Container, max: {memory: 8Gi}}]" -}}
{{- end -}}
{{- if and $values.namespace.create (has .Release.Namespace (list "default" "kube-system" "kube-public")) -}}
{{- $problems = append $problems (printf "namespace.create would make and label the namespace %s: name the release's own with --namespace" .Release.Namespace) -}}
{{- end -}}
{{- $mesh := $values.serviceMesh -}}
{{- if $mesh.enabled -}}
{{- if and $mesh.virtualService.hosts (ne $mesh.type "istio") -}}
{{- $problems = append $problems (printf "serviceMesh.virtualService.hosts is Istio's while serviceMesh.type is %s: leave it empty, or use ingress" $mesh.type) -}}
{{- end -}}
{{- if and $mesh.virtualService.hosts (not $mesh.virtualService.gateways) -}}
{{- $problems = append $problems "serviceMesh.virtualService.gateways is required with hosts: the gateway they come in by (istio-system/public)" -}}
{{- end -}}
{{- if and $mesh.virtualService.hosts (not .Subcharts.dagster) -}}
{{- $problems = append $problems "serviceMesh.virtualService.hosts lead to Dagster, while dagster.enabled is false: enable it, or leave the hosts out" -}}
{{- end -}}
{{- end -}}
{{- $places := dict -}}
{{- range $cluster, $mapping := $values.clusterMapping -}}
{{- range .environments -}}
{{- if hasKey $places . -}}
{{- $problems = append $problems (printf "clusterMapping lists the environment %s twice, on %s and %s: an environment lives on one cluster" . (get $places .) $cluster) -}}
{{- end -}}
{{- $_ := set $places . $cluster -}}
{{- end -}}
{{- end -}}
{{- if $values.applicationSet.enabled -}}
{{- if not $values.clusterMapping -}}
{{- $problems = append $problems "applicationSet.enabled needs clusterMapping: the clusters and their environments" -}}
{{- end -}}
{{- if not $values.applicationSet.repoURL -}}
{{- $problems = append $problems "applicationSet.repoURL is required when applicationSet.enabled: the repository with this chart (https://github.com/rhumb-charts/rhumb)" -}}
{{- end -}}
{{- end -}}
{{- include "floe.refuse" (dict "root" . "problems" $problems) -}}
{{- end -}}
