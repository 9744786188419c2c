{{- /* The CompiledArtifacts document: its text, what is read from it, where it comes from. */ -}}

{{- /* The text of the document where it stands in the values, byte for byte; a map becomes JSON. */ -}}
{{- define "floe-jobs.artifacts.text" -}}
{{- with .Values.compiledArtifacts.inline -}}
{{- if kindIs "string" . -}}{{- . -}}{{- else -}}{{- toPrettyJson . -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The document as YAML, or nothing where the chart does not hold it. */ -}}
{{- define "floe-jobs.artifacts" -}}
{{- with .Values.compiledArtifacts.inline -}}
{{- if kindIs "string" . -}}{{- fromJson . | toYaml -}}{{- else -}}{{- toYaml . -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The ConfigMap of the document, or nothing. An immutable one has a hash in its name, since it can only be replaced. */ -}}
{{- define "floe-jobs.artifacts.configMap" -}}
{{- with .Values.compiledArtifacts -}}
{{- if .existingConfigMap -}}
{{- .existingConfigMap -}}
{{- else if .inline -}}
{{- $component := "artifacts" -}}
{{- if .immutable -}}{{- $component = printf "artifacts-%s" (include "floe-jobs.artifacts.text" $ | sha256sum | trunc 8) -}}{{- end -}}
{{- include "floe.componentName" (dict "root" $ "component" $component) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* What is known of the product, as labels. */ -}}
{{- define "floe-jobs.productLabels" -}}
{{- $about := dig "metadata" dict (fromYaml (include "floe-jobs.artifacts" .)) -}}
{{- with get $about "product_name" }}
floe.dev/product: {{ . | toString | replace " " "-" | trunc 63 | trimSuffix "-" | quote }}
{{- end }}
{{- with get $about "product_version" }}
floe.dev/product-version: {{ . | toString | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{- end }}
{{- end -}}

{{- /* The text of profiles.yml: dbt.profiles, else the document's dbt_profiles, else nothing. */ -}}
{{- define "floe-jobs.profiles" -}}
{{- $profiles := .Values.dbt.profiles | default (get (fromYaml (include "floe-jobs.artifacts" .)) "dbt_profiles") -}}
{{- if $profiles -}}
{{- if kindIs "string" $profiles -}}{{- $profiles -}}{{- else -}}{{- toYaml $profiles -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The paths of secrets that stand in profiles instead of being read from the environment, one a line. value, path. */ -}}
{{- define "floe-jobs.profiles.leaks" -}}
{{- $path := .path -}}
{{- range $key, $value := .value -}}
{{- $here := printf "%s.%s" $path $key | trimPrefix "." -}}
{{- if kindIs "map" $value -}}
{{- include "floe-jobs.profiles.leaks" (dict "value" $value "path" $here) -}}
{{- else if and (regexMatch "(?i)(pass|password|token|secret|private_key|api_key|keyfile_json|credentials)$" $key) (not (contains "env_var(" (toString $value))) }}
{{ $here }}
{{- end -}}
{{- end -}}
{{- end -}}
