{{- /* Ends the render with all that cannot work, one line each: the keys, why, the way out. */ -}}
{{- define "polaris.validate" -}}
{{- $problems := concat
      (fromJsonArray (include "polaris.validate.persistence" .))
      (fromJsonArray (include "polaris.validate.scale" .))
      (fromJsonArray (include "polaris.validate.secrets" .))
      (fromJsonArray (include "polaris.validate.auth" .))
      (fromJsonArray (include "polaris.validate.bootstrap" .))
      (fromJsonArray (include "polaris.validate.storage" .))
      (fromJsonArray (include "polaris.validate.network" .))
      (fromJsonArray (include "polaris.validate.advanced" .)) -}}
{{- include "floe.refuse" (dict "root" . "problems" $problems) -}}
{{- end -}}

{{- define "polaris.validate.persistence" -}}
{{- $p := list -}}
{{- $prod := eq (include "polaris.environment" .) "prod" -}}
{{- $host := include "floe.postgresql" (dict "root" . "key" "host") -}}
{{- if include "polaris.jdbc" . -}}
{{- if and (not $host) (not .Values.persistence.jdbcUrl) -}}
{{- $p = append $p "persistence.type is relational-jdbc, but neither postgresql.host nor global.postgresql.host names the database: set one, for example postgresql.host=db.internal, or persistence.type=in-memory to try things out" -}}
{{- end -}}
{{- if and (not $host) .Values.persistence.jdbcUrl (get (fromYaml (include "floe.waitFor" (dict "root" .))) "enabled") -}}
{{- $p = append $p "persistence.jdbcUrl is set, but the init containers need the host by itself: set postgresql.host too, or waitFor.enabled=false" -}}
{{- end -}}
{{- if and (not .Values.persistence.existingSecret) (not (include "floe.postgresql" (dict "root" . "key" "existingSecret"))) -}}
{{- $p = append $p "persistence.type is relational-jdbc, but no Secret holds the database's password: set postgresql.existingSecret (password) or persistence.existingSecret (user and password), or let global.postgresql.existingSecret name it" -}}
{{- end -}}
{{- else -}}
{{- if $prod -}}
{{- $p = append $p "persistence.type=in-memory forgets every catalog with its pod, which global.environment=prod does not allow: set persistence.type=relational-jdbc and postgresql.host" -}}
{{- end -}}
{{- if .Values.persistence.jdbcUrl -}}
{{- $p = append $p "persistence.jdbcUrl has no effect with persistence.type=in-memory: drop it, or set persistence.type=relational-jdbc" -}}
{{- end -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}

{{- define "polaris.validate.scale" -}}
{{- $p := list -}}
{{- $several := include "polaris.several" . -}}
{{- if and $several (not (include "polaris.jdbc" .)) -}}
{{- $p = append $p "replicas above 1 or autoscaling.enabled with persistence.type=in-memory gives each server a catalog of its own: set persistence.type=relational-jdbc, or one replica" -}}
{{- end -}}
{{- if and $several (include "polaris.internal" .) (not (include "polaris.brokerSecret" .)) -}}
{{- $p = append $p "replicas above 1 or autoscaling.enabled needs a key that all servers share, or one refuses the other's tokens: set auth.tokenBroker.existingSecret, or auth.tokenBroker.generate=true" -}}
{{- end -}}
{{- $p = concat $p (fromYamlArray (include "floe.scaleProblems" (dict "values" .Values "resources" (include "polaris.resources" .)))) -}}
{{- toJson $p -}}
{{- end -}}

{{- define "polaris.validate.secrets" -}}
{{- $p := list -}}
{{- $why := ternary "in global.environment=prod Secrets are not generated unless global.generateSecrets=true" "global.generateSecrets=false" (not (kindIs "bool" (dig "generateSecrets" nil (.Values.global | default dict)))) -}}
{{- if not (include "polaris.generates" .) -}}
{{- if and (include "polaris.ownRootSecret" .) (not .Values.bootstrap.credentials.clientSecret) -}}
{{- $p = append $p (printf "bootstrap.credentials.existingSecret is empty, and %s: create it, for example kubectl create secret generic %s --namespace %s --from-literal=client-id=root --from-file=client-secret=FILE, and set bootstrap.credentials.existingSecret to its name" $why (include "polaris.rootSecret" .) .Release.Namespace) -}}
{{- end -}}
{{- if include "polaris.ownBrokerSecret" . -}}
{{- $files := ternary "--from-file=public.pem --from-file=private.pem" "--from-file=symmetric.key" (eq .Values.auth.tokenBroker.type "rsa-key-pair") -}}
{{- $p = append $p (printf "auth.tokenBroker.existingSecret is empty, and %s: create it, for example kubectl create secret generic %s --namespace %s %s, and set auth.tokenBroker.existingSecret to its name" $why (include "polaris.brokerSecret" .) .Release.Namespace $files) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.bootstrap.credentials.existingSecret .Values.bootstrap.credentials.clientSecret -}}
{{- $p = append $p "bootstrap.credentials.clientSecret has no effect beside bootstrap.credentials.existingSecret: drop one of them" -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}

{{- define "polaris.validate.auth" -}}
{{- $p := list -}}
{{- $oidc := .Values.auth.oidc -}}
{{- if eq .Values.auth.type "internal" -}}
{{- if or $oidc.authServerUrl $oidc.clientId $oidc.existingSecret -}}
{{- $p = append $p "auth.oidc has no effect with auth.type=internal: set auth.type to external or mixed, or drop auth.oidc" -}}
{{- end -}}
{{- else -}}
{{- range list "authServerUrl" "clientId" -}}
{{- if not (get $oidc .) -}}
{{- $p = append $p (printf "auth.type=%s needs auth.oidc.%s: set it, for example %s" $.Values.auth.type . (ternary "https://id.example.org/realms/floe" "polaris" (eq . "authServerUrl"))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (include "polaris.internal" .) (eq .Values.auth.tokenBroker.type "symmetric-key") (not (include "polaris.brokerSecret" .)) -}}
{{- $p = append $p "auth.tokenBroker.type=symmetric-key needs a key: set auth.tokenBroker.existingSecret, or auth.tokenBroker.generate=true" -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}

{{- define "polaris.validate.bootstrap" -}}
{{- $p := list -}}
{{- $work := or .Values.bootstrap.catalogs .Values.bootstrap.grants -}}
{{- if and $work (not .Values.bootstrap.enabled) -}}
{{- $p = append $p "bootstrap.catalogs or bootstrap.grants is set, but bootstrap.enabled is false, so nothing would be made: set bootstrap.enabled=true, or drop them" -}}
{{- end -}}
{{- if and $work (not (include "polaris.internal" .)) -}}
{{- $p = append $p "bootstrap.catalogs and bootstrap.grants need a token of Polaris itself, which auth.type=external does not give: set auth.type=mixed, or make the catalogs by hand and drop them" -}}
{{- end -}}
{{- if not (has (include "polaris.bootstrapRealm" .) .Values.realms) -}}
{{- $p = append $p (printf "bootstrap.realm=%s is none of realms (%s): name one of them" .Values.bootstrap.realm (join ", " .Values.realms)) -}}
{{- end -}}
{{- $names := list -}}
{{- range .Values.bootstrap.catalogs -}}
{{- if has .name $names -}}
{{- $p = append $p (printf "bootstrap.catalogs has two entries named %s: give each a name of its own" .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}

{{- define "polaris.validate.storage" -}}
{{- $p := list -}}
{{- $prod := eq (include "polaris.environment" .) "prod" -}}
{{- $allowed := fromJsonArray (include "polaris.storageTypes" .) -}}
{{- $schemes := dict "S3" "s3a?" "GCS" "gs" "AZURE" "(abfss?|wasbs?)" "FILE" "file" -}}
{{- $only := dict "roleArn" "S3" "externalId" "S3" "region" "S3" "endpoint" "S3" "stsEndpoint" "S3" "pathStyleAccess" "S3" "stsUnavailable" "S3" "gcsServiceAccount" "GCS" "tenantId" "AZURE" "hierarchical" "AZURE" -}}
{{- range .Values.bootstrap.catalogs -}}
{{- $catalog := . -}}
{{- $type := .storage.type -}}
{{- if not (has $type $allowed) -}}
{{- $p = append $p (printf "bootstrap.catalogs[%s].storage.type=%s is none of the server's kinds of storage (%s): choose one of them, or add it to features.SUPPORTED_CATALOG_STORAGE_TYPES" .name $type (join ", " $allowed)) -}}
{{- end -}}
{{- range prepend (.allowedLocations | default list) .defaultBaseLocation -}}
{{- if not (regexMatch (printf "^%s://?" (get $schemes $type)) .) -}}
{{- $p = append $p (printf "bootstrap.catalogs[%s]: %s is no location of storage.type=%s: it must begin with %s" $catalog.name . $type (get (dict "S3" "s3://" "GCS" "gs://" "AZURE" "abfss://" "FILE" "file://") $type)) -}}
{{- end -}}
{{- end -}}
{{- if and (eq $type "AZURE") (not .storage.tenantId) -}}
{{- $p = append $p (printf "bootstrap.catalogs[%s].storage.type=AZURE needs storage.tenantId: set it to the tenant of the storage account" .name) -}}
{{- end -}}
{{- range $key, $value := .storage -}}
{{- $kind := get $only $key -}}
{{- if and $kind (ne $kind $type) (not (empty $value)) -}}
{{- $p = append $p (printf "bootstrap.catalogs[%s].storage.%s belongs to storage.type=%s, not to %s: drop it" $catalog.name $key $kind $type) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $prod (include "polaris.insecureStorage" .) -}}
{{- $p = append $p "features.SUPPORTED_CATALOG_STORAGE_TYPES with FILE, or features.ALLOW_INSECURE_STORAGE_TYPES, opens the server's own files to its clients, which global.environment=prod does not allow: leave only S3, GCS and AZURE" -}}
{{- end -}}
{{- if and (has "FILE" $allowed) (eq (get .Values.features "ALLOW_INSECURE_STORAGE_TYPES" | toString) "false") -}}
{{- $p = append $p "features.SUPPORTED_CATALOG_STORAGE_TYPES has FILE, but features.ALLOW_INSECURE_STORAGE_TYPES=false refuses it: drop one of them" -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}

{{- define "polaris.validate.network" -}}
{{- $p := list -}}
{{- if eq (int .Values.managementService.port) 8181 -}}
{{- $p = append $p "managementService.port=8181 is the port of the API itself: choose another, for example 8182" -}}
{{- end -}}
{{- if and .Values.service.nodePort (eq .Values.service.type "ClusterIP") -}}
{{- $p = append $p "service.nodePort has no effect with service.type=ClusterIP: set service.type to NodePort or LoadBalancer, or drop it" -}}
{{- end -}}
{{- if and (eq (.Values.tracing.enabled | toString) "true") (not (include "polaris.traceEndpoint" .)) -}}
{{- $p = append $p "tracing.enabled=true, but no collector is known: set tracing.endpoint or global.otlp.grpcEndpoint, for example http://collector:4317" -}}
{{- end -}}
{{- /* Siblings reach this chart under the name that exports tells them; a name or port of one's own must be told to them. */ -}}
{{- $told := dig "polaris" "uri" "" (.Values.global | default dict) -}}
{{- if and $told (eq $told .Values.exports.polaris.uri) -}}
{{- $here := printf "%s/api/catalog" (include "polaris.url" .) -}}
{{- $default := printf "http://%s:8181/api/catalog" (include "floe.bounded" (dict "name" (include "polaris.defaultName" .))) -}}
{{- if ne $here $default -}}
{{- $p = append $p (printf "nameOverride, fullnameOverride or service.port puts Polaris at %s, but the other charts look for it at %s: set global.polaris.uri to the former" $here $default) -}}
{{- end -}}
{{- end -}}
{{- range list .Values.image .Values.adminImage -}}
{{- if and (eq (toString .tag) "latest") (not .digest) (eq (include "polaris.environment" $) "prod") -}}
{{- $p = append $p (printf "the tag latest of %s can be anything tomorrow, which global.environment=prod does not allow: name a version or a digest" .repository) -}}
{{- end -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}

{{- /* The name that siblings work out for this chart, which know nothing of its overrides. */ -}}
{{- define "polaris.defaultName" -}}
{{- $plain := dict "Chart" .Chart "Release" .Release "Values" dict -}}
{{- include "floe.fullname" (dict "root" $plain "name" .Chart.Name) -}}
{{- end -}}

{{- define "polaris.validate.advanced" -}}
{{- $p := list -}}
{{- $own := fromJson (include "polaris.ownProperties" .) -}}
{{- range $name, $value := .Values.advancedConfig -}}
{{- if hasKey $own $name -}}
{{- $p = append $p (printf "advancedConfig has %s, which other values of this chart set: use those" $name) -}}
{{- else if and (regexMatch "(?i)(password|secret|(secret|access|private|secret-access)-key|access-key-id|tokens?|credentials|connection-string)(\\.value)?$" $name) (not (regexMatch "^\\$\\{[A-Za-z0-9_.-]+\\}$" (toString $value))) -}}
{{- $p = append $p (printf "advancedConfig has %s, which would lie open in a ConfigMap: give it to the server as a variable from a Secret with extraEnv, and write ${VARIABLE} here" $name) -}}
{{- end -}}
{{- end -}}
{{- toJson $p -}}
{{- end -}}
