{{- /* The server's application.properties. */ -}}

{{- /* A scalar of the values as text: numbers arrive as floats, and a million must not become 1e+06. */ -}}
{{- define "polaris.scalar" -}}
{{- if kindIs "string" . -}}{{- . -}}{{- else -}}{{- toRawJson . -}}{{- end -}}
{{- end -}}

{{- /* A part of a properties file, with what has a meaning there escaped, and what YAML cannot hold in a block: control characters and
other ends of lines. The rest stays, for the server reads UTF-8. text. */ -}}
{{- define "polaris.propertyText" -}}
{{- $text := . | replace "\\" "\\\\" | replace "\n" "\\n" | replace "\r" "\\r" | replace "\t" "\\t" | replace "\f" "\\f" -}}
{{- if regexMatch "[\\x00-\\x1f\\x7f-\\x9f\\x{2028}\\x{2029}\\x{feff}]" $text -}}
{{- range $code := concat (until 32) (untilStep 127 160 1) (list 8232 8233 65279) -}}
{{- $text = $text | replace (printf "%c" $code) (printf "\\u%04x" $code) -}}
{{- end -}}
{{- end -}}
{{- $text -}}
{{- end -}}

{{- /* One line of a properties file. key, value (text). */ -}}
{{- define "polaris.property" -}}
{{- $key := include "polaris.propertyText" .key | replace " " "\\ " | replace ":" "\\:" | replace "=" "\\=" | replace "#" "\\#" | replace "!" "\\!" -}}
{{- $value := include "polaris.propertyText" .value -}}
{{- if hasPrefix " " $value -}}{{- $value = printf "\\%s" $value -}}{{- end -}}
{{- printf "%s=%s" $key $value -}}
{{- end -}}

{{- /* All properties as JSON, name to text, without those of advancedConfig. */ -}}
{{- define "polaris.ownProperties" -}}
{{- $p := dict -}}
{{- $_ := set $p "quarkus.http.port" "8181" -}}
{{- $_ = set $p "quarkus.management.port" (int .Values.managementService.port | toString) -}}
{{- $_ = set $p "polaris.realm-context.type" "default" -}}
{{- $_ = set $p "polaris.realm-context.realms" (join "," .Values.realms) -}}
{{- $_ = set $p "polaris.realm-context.require-header" (toString .Values.requireRealmHeader) -}}
{{- $_ = set $p "polaris.persistence.type" .Values.persistence.type -}}
{{- if include "polaris.jdbc" . -}}
{{- $_ = set $p "quarkus.datasource.db-kind" "postgresql" -}}
{{- end -}}
{{- $features := .Values.features -}}
{{- if include "polaris.insecureStorage" . -}}
{{- /* The server would not start: it counts files among severe issues. The chart refuses them in prod. */ -}}
{{- $features = merge (dict "ALLOW_INSECURE_STORAGE_TYPES" true) $features -}}
{{- $_ = set $p "polaris.readiness.ignore-severe-issues" "true" -}}
{{- end -}}
{{- range $name, $value := $features -}}
{{- $_ = set $p (printf "polaris.features.%s" (quote $name)) (toRawJson $value) -}}
{{- end -}}
{{- $_ = set $p "polaris.authentication.type" .Values.auth.type -}}
{{- $_ = set $p "polaris.authentication.authenticator.type" "default" -}}
{{- if include "polaris.internal" . -}}
{{- $broker := .Values.auth.tokenBroker -}}
{{- $_ = set $p "polaris.authentication.token-service.type" "default" -}}
{{- $_ = set $p "polaris.authentication.token-broker.type" $broker.type -}}
{{- $_ = set $p "polaris.authentication.token-broker.max-token-generation" $broker.maxTokenGeneration -}}
{{- if include "polaris.brokerSecret" . -}}
{{- if eq $broker.type "rsa-key-pair" -}}
{{- $_ = set $p "polaris.authentication.token-broker.rsa-key-pair.public-key-file" "/deployments/config/public.pem" -}}
{{- $_ = set $p "polaris.authentication.token-broker.rsa-key-pair.private-key-file" "/deployments/config/private.pem" -}}
{{- else -}}
{{- $_ = set $p "polaris.authentication.token-broker.symmetric-key.file" "/deployments/config/symmetric.key" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if ne .Values.auth.type "internal" -}}
{{- $oidc := .Values.auth.oidc -}}
{{- $_ = set $p "quarkus.oidc.tenant-enabled" "true" -}}
{{- $_ = set $p "quarkus.oidc.auth-server-url" $oidc.authServerUrl -}}
{{- $_ = set $p "quarkus.oidc.client-id" $oidc.clientId -}}
{{- range $key, $name := dict "roleClaimPath" "quarkus.oidc.roles.role-claim-path" "idClaimPath" "polaris.oidc.principal-mapper.id-claim-path" "nameClaimPath" "polaris.oidc.principal-mapper.name-claim-path" -}}
{{- with get $oidc $key -}}{{- $_ = set $p $name . -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.rateLimiter -}}
{{- if .enabled -}}
{{- $_ = set $p "polaris.rate-limiter.filter.type" "default" -}}
{{- $_ = set $p "polaris.rate-limiter.token-bucket.type" "default" -}}
{{- $_ = set $p "polaris.rate-limiter.token-bucket.requests-per-second" (include "polaris.scalar" .requestsPerSecond) -}}
{{- else -}}
{{- $_ = set $p "polaris.rate-limiter.filter.type" "no-op" -}}
{{- end -}}
{{- end -}}
{{- with .Values.cors -}}
{{- if .enabled -}}
{{- $_ = set $p "quarkus.http.cors.enabled" "true" -}}
{{- range $key, $name := dict "origins" "origins" "methods" "methods" "headers" "headers" "exposedHeaders" "exposed-headers" -}}
{{- with get $.Values.cors $key -}}{{- $_ = set $p (printf "quarkus.http.cors.%s" $name) (join "," .) -}}{{- end -}}
{{- end -}}
{{- with .maxAge -}}{{- $_ = set $p "quarkus.http.cors.access-control-max-age" . -}}{{- end -}}
{{- if kindIs "bool" .allowCredentials -}}{{- $_ = set $p "quarkus.http.cors.access-control-allow-credentials" (toString .allowCredentials) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.logging -}}
{{- $_ = set $p "quarkus.log.level" .level -}}
{{- $_ = set $p "quarkus.log.console.json.enabled" (toString .json) -}}
{{- $_ = set $p "quarkus.log.file.enabled" (toString .fileEnabled) -}}
{{- if .fileEnabled -}}
{{- $_ = set $p "quarkus.log.file.path" "/deployments/logs/polaris.log" -}}
{{- $_ = set $p "quarkus.log.file.json.enabled" (toString .json) -}}
{{- end -}}
{{- range $name, $level := .categories -}}
{{- $_ = set $p (printf "quarkus.log.category.%s.level" (quote $name)) $level -}}
{{- end -}}
{{- end -}}
{{- $endpoint := include "polaris.traceEndpoint" . -}}
{{- $_ = set $p "quarkus.otel.sdk.disabled" (ternary "false" "true" (not (empty $endpoint))) -}}
{{- if $endpoint -}}
{{- $_ = set $p "quarkus.otel.exporter.otlp.endpoint" $endpoint -}}
{{- $_ = set $p "quarkus.otel.service.name" "polaris" -}}
{{- $_ = set $p "quarkus.otel.traces.sampler" "parentbased_traceidratio" -}}
{{- $_ = set $p "quarkus.otel.traces.sampler.arg" (include "polaris.scalar" .Values.tracing.sample) -}}
{{- $attributes := list -}}
{{- $facts := dict "service.namespace" .Release.Namespace "deployment.environment.name" (include "polaris.environment" .) -}}
{{- range $name, $value := merge (deepCopy .Values.tracing.attributes) $facts -}}
{{- $attributes = append $attributes (printf "%s=%s" $name $value) -}}
{{- end -}}
{{- $_ = set $p "quarkus.otel.resource.attributes" (join "," $attributes) -}}
{{- end -}}
{{- range $name, $value := .Values.metrics.tags -}}
{{- $_ = set $p (printf "polaris.metrics.tags.%s" $name) $value -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}

{{- /* The file: a line for each property, in the order of their names. */ -}}
{{- define "polaris.propertiesFile" -}}
{{- $p := fromJson (include "polaris.ownProperties" .) -}}
{{- range $name, $value := .Values.advancedConfig -}}
{{- $_ := set $p $name (include "polaris.scalar" $value) -}}
{{- end -}}
{{- range $name, $value := $p }}
{{ include "polaris.property" (dict "key" $name "value" $value) }}
{{- end }}
{{- end -}}
