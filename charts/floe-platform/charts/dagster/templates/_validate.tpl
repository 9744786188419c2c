{{- /* Everything that cannot be, said at once: the key, why, and the way out. */ -}}
{{- define "dagster.validate" -}}
{{- $problems := list -}}
{{- range list "dagster.databaseProblems" "dagster.webserverProblems" "dagster.codeLocationProblems" "dagster.volumeProblems" "dagster.runProblems" "dagster.platformProblems" -}}
{{- $problems = concat $problems (fromYamlArray (include . $)) -}}
{{- end -}}
{{- include "floe.refuse" (dict "root" . "problems" $problems) -}}
{{- end -}}

{{- define "dagster.databaseProblems" -}}
{{- $problems := list -}}
{{- if not (include "floe.postgresql" (dict "root" . "key" "host")) -}}
{{- $problems = append $problems "postgresql.host and global.postgresql.host are empty, and Dagster keeps its runs in PostgreSQL: name its host, for example postgresql.host=db.example.net" -}}
{{- end -}}
{{- if not (include "dagster.passwordSecret" .) -}}
{{- $problems = append $problems (printf "postgresql.existingSecret and global.postgresql.existingSecret are empty: make a Secret with the password under the key %s and name it, for example postgresql.existingSecret=dagster-postgresql" (include "dagster.passwordKey" .)) -}}
{{- end -}}
{{- if and .Values.migrate.enabled (eq .Values.migrate.mode "initContainer") (not .Values.daemon.enabled) -}}
{{- $problems = append $problems "migrate.mode is initContainer, which is one of the daemon, but daemon.enabled is false: set migrate.mode=hook or enable the daemon" -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}

{{- define "dagster.webserverProblems" -}}
{{- $web := .Values.webserver -}}
{{- $resources := include "dagster.resources" (dict "root" . "of" "webserver" "resources" $web.resources) -}}
{{- $problems := fromYamlArray (include "floe.scaleProblems" (dict "at" "webserver." "values" $web "resources" $resources)) -}}
{{- if and (not (kindIs "invalid" $web.service.nodePort)) (eq $web.service.type "ClusterIP") -}}
{{- $problems = append $problems "webserver.service.nodePort has no meaning for webserver.service.type ClusterIP: set the type to NodePort or LoadBalancer, or the port to null" -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}

{{- define "dagster.codeLocationProblems" -}}
{{- $problems := list -}}
{{- $seen := dict -}}
{{- range $index, $location := .Values.codeLocations -}}
{{- $at := printf "codeLocations[%d] (%s)" $index .name -}}
{{- if hasKey $seen .name -}}
{{- $problems = append $problems (printf "%s has the name of another one: names are how Dagster tells locations apart" $at) -}}
{{- end -}}
{{- $_ := set $seen .name true -}}
{{- $kinds := list -}}
{{- range list "image" "external" "pythonModule" -}}
{{- if hasKey $location . -}}{{- $kinds = append $kinds . -}}{{- end -}}
{{- end -}}
{{- if ne (len $kinds) 1 -}}
{{- $problems = append $problems (printf "%s has %s: give it exactly one of image (a code server of its own), external (one that runs elsewhere) and pythonModule" $at (join " and " $kinds | default "no source")) -}}
{{- else if ne (first $kinds) "image" -}}
{{- range keys (omit $location "name" (first $kinds)) | sortAlpha -}}
{{- $problems = append $problems (printf "%s: %s is for code servers of the chart's own, and this one has %s: take one of them away" $at . (first $kinds)) -}}
{{- end -}}
{{- if $.Values.workspace.existingConfigMap -}}
{{- $problems = append $problems (printf "%s would be in no workspace, as workspace.existingConfigMap takes the place of the generated one: write it there and take it away here" $at) -}}
{{- end -}}
{{- else if not .args -}}
{{- $problems = append $problems (printf "%s has no args, so its server would not know what to load: set them, for example args: [--module-name, my_project.definitions]" $at) -}}
{{- end -}}
{{- end -}}
{{- $lists := dict "webserver.env" .Values.webserver.env "daemon.env" .Values.daemon.env "codeServer.env" .Values.codeServer.env -}}
{{- range .Values.codeLocations -}}{{- $_ := set $lists (printf "env of code location %s" .name) .env -}}{{- end -}}
{{- range $where, $env := $lists -}}
{{- range $env -}}
{{- if and .value (regexMatch "(PASSWORD|PASSWD|SECRET|TOKEN|SECRET_KEY|ACCESS_KEY|API_KEY|PRIVATE_KEY)$" (upper .name)) -}}
{{- $problems = append $problems (printf "%s: %s looks like a secret and has a plain value, which anyone can read: put it into a Secret and set valueFrom.secretKeyRef" $where .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}

{{- /* Volumes that would stand beside one of the chart's own with the same name. */ -}}
{{- define "dagster.volumeProblems" -}}
{{- $problems := list -}}
{{- $lists := dict "webserver.extraVolumes" .Values.webserver.extraVolumes "daemon.extraVolumes" .Values.daemon.extraVolumes "codeServer.volumes" .Values.codeServer.volumes -}}
{{- range .Values.codeLocations -}}{{- $_ := set $lists (printf "volumes of code location %s" .name) .volumes -}}{{- end -}}
{{- range $where, $volumes := $lists -}}
{{- range $volumes -}}
{{- if has .name (list "tmp" "dagster-home" "instance" "workspace") -}}
{{- $problems = append $problems (printf "%s: the chart has a volume %s of its own: give yours another name" $where .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}

{{- define "dagster.runProblems" -}}
{{- $problems := list -}}
{{- $launcher := .Values.runLauncher -}}
{{- $elsewhere := and $launcher.jobNamespace (ne $launcher.jobNamespace .Release.Namespace) -}}
{{- if eq $launcher.type "Default" -}}
{{- range list "jobNamespace" "image" "envFrom" "resources" "serviceAccountName" -}}
{{- if get $launcher . -}}
{{- $problems = append $problems (printf "runLauncher.%s is about Jobs, and runLauncher.type Default makes none: set the type to K8sRunLauncher, or take runLauncher.%s away" . .) -}}
{{- end -}}
{{- end -}}
{{- else if and $elsewhere (not $launcher.serviceAccountName) -}}
{{- $problems = append $problems (printf "runLauncher.jobNamespace is %s, where the chart's service account is not: name one of that namespace in runLauncher.serviceAccountName" $launcher.jobNamespace) -}}
{{- end -}}
{{- $queue := .Values.instance.runCoordinator -}}
{{- $limits := list -}}
{{- if not (kindIs "invalid" $queue.maxConcurrentRuns) -}}{{- $limits = append $limits "maxConcurrentRuns" -}}{{- end -}}
{{- if $queue.tagConcurrencyLimits -}}{{- $limits = append $limits "tagConcurrencyLimits" -}}{{- end -}}
{{- range $limits -}}
{{- if or $.Values.instance.concurrency.runs $.Values.instance.concurrency.pools -}}
{{- $problems = append $problems (printf "instance.runCoordinator.%s and instance.concurrency.%s are two ways to limit runs, and Dagster takes one: move the limit to instance.concurrency.runs" . (ternary "runs" "pools" (hasKey $.Values.instance.concurrency "runs"))) -}}
{{- end -}}
{{- if not $.Values.daemon.enabled -}}
{{- $problems = append $problems (printf "instance.runCoordinator.%s limits the queue, which is the daemon's, but daemon.enabled is false: enable it, or take the limit away" .) -}}
{{- end -}}
{{- end -}}
{{- if and (eq .Values.computeLogs.type "s3") (not .Values.computeLogs.s3.bucket) -}}
{{- $problems = append $problems "computeLogs.type is s3 and computeLogs.s3.bucket is empty: name the bucket, for example computeLogs.s3.bucket=dagster-logs" -}}
{{- end -}}
{{- if and .Values.rbac.create (eq $launcher.type "K8sRunLauncher") (eq (include "dagster.serviceAccountName" .) "default") -}}
{{- $problems = append $problems "rbac.create would let every pod of the namespace start Jobs, as the service account is default: name another in serviceAccount.name, or set serviceAccount.create=true" -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}

{{- define "dagster.platformProblems" -}}
{{- $problems := list -}}
{{- if eq (dig "environment" "" (.Values.global | default dict)) "prod" -}}
{{- $images := dict "image" .Values.image "runLauncher.image" .Values.runLauncher.image -}}
{{- range $location := .Values.codeLocations -}}{{- with .image -}}{{- $_ := set $images (printf "the image of code location %s" $location.name) . -}}{{- end -}}{{- end -}}
{{- range $where, $image := $images -}}
{{- if and (eq (get $image "tag" | default "" | toString) "latest") (not (get $image "digest")) -}}
{{- $problems = append $problems (printf "%s has the tag latest, and global.environment is prod: name a version or a digest, so that pods of one release run one program" $where) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}
