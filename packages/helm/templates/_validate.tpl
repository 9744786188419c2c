{{/*
Combinations that cannot work: all of them are collected, and the render fails once, a sentence for each: keys, reason, way out.
What one value alone may be is the schema's business.
*/}}
{{- define "stereo-spot.validate" -}}
{{- $errors := concat
  (include "stereo-spot.validateRelease" . | fromYamlArray)
  (include "stereo-spot.validateScaling" . | fromYamlArray)
  (include "stereo-spot.validateWebUi" . | fromYamlArray)
  (include "stereo-spot.validateIdentity" . | fromYamlArray)
  (include "stereo-spot.validateCluster" . | fromYamlArray)
-}}
{{- with $errors -}}
{{-   fail (join "\n" (prepend . (printf "\nstereo-spot: these values do not fit together (%d):" (len .)))) -}}
{{- end -}}
{{- end }}

{{/* Keys of the names that are empty: (dict "root" $ "of" "aws" | "queues"). */}}
{{- define "stereo-spot.missing" -}}
{{- $missing := list -}}
{{- $keys := dict
  "aws" (list "inputBucketName" "outputBucketName" "jobsTableName" "segmentCompletionsTableName" "reassemblyTriggeredTableName")
  "queues" (list "chunking" "videoWorker" "reassembly")
-}}
{{- $root := .root -}}
{{- $of := .of -}}
{{- range index $keys $of -}}
{{-   if not (index $root.Values $of .) }}{{ $missing = append $missing (printf "%s.%s" $of .) }}{{ end -}}
{{- end -}}
{{- join ", " $missing -}}
{{- end }}

{{- define "stereo-spot.validateRelease" -}}
{{- $errors := list -}}
{{- $values := .Values -}}
{{- $tagged := list -}}
{{- range $key := list "webUi" "mediaWorker" "videoWorker" -}}
{{-   if not (index $values.image.digests $key) }}{{ $tagged = append $tagged $key }}{{ end -}}
{{- end -}}
{{- if and (eq .Values.environment "prod") (eq .Values.image.tag "latest") $tagged -}}
{{-   $errors = append $errors "image.tag: latest names no release, which environment: prod needs; set image.tag to the commit that was built (--set-string image.tag=abc1234), or image.digests for all three images." -}}
{{- end -}}
{{- if .Values.requireAwsResources -}}
{{-   $missing := list -}}
{{-   if not .Values.aws.existingConfigMap -}}
{{-     $missing = append $missing (include "stereo-spot.missing" (dict "root" . "of" "aws")) -}}
{{-     $missing = append $missing (include "stereo-spot.missing" (dict "root" . "of" "queues")) -}}
{{-   end -}}
{{-   with compact $missing -}}
{{-     $errors = append $errors (printf "requireAwsResources: %s must not be empty; add -f values-from-terraform.yaml (nx run aws-infra:terraform-apply writes it), or set requireAwsResources=false." (join ", " .)) -}}
{{-   end -}}
{{- end -}}
{{- toYaml $errors -}}
{{- end }}

{{- define "stereo-spot.validateScaling" -}}
{{- $errors := list -}}
{{- $root := . -}}
{{- $missing := include "stereo-spot.missing" (dict "root" . "of" "queues") -}}
{{- if and .Values.keda.enabled $missing -}}
{{-   if .Values.aws.existingConfigMap -}}
{{-     $errors = append $errors (printf "aws.existingConfigMap: KEDA's triggers hold the queue URLs themselves and cannot read them from a ConfigMap; set %s as well, or keda.enabled=false." $missing) -}}
{{-   else if eq (toString .Values.keda.enabled) "true" -}}
{{-     $errors = append $errors (printf "keda.enabled: true wants both ScaledObjects, which need %s; set that (values-from-terraform.yaml does), or keda.enabled=auto." $missing) -}}
{{-   end -}}
{{- end -}}
{{- range $key := list "mediaWorker" "videoWorker" -}}
{{-   $worker := index $root.Values $key -}}
{{-   if gt (int64 $worker.minReplicas) (int64 $worker.maxReplicas) -}}
{{-     $errors = append $errors (printf "%s.minReplicas: %d is more than %s.maxReplicas: %d; raise the one or lower the other." $key (int64 $worker.minReplicas) $key (int64 $worker.maxReplicas)) -}}
{{-   end -}}
{{-   if and (include "stereo-spot.scaled" (dict "root" $root "key" $key)) (gt (int64 $worker.replicas) 0) -}}
{{-     $errors = append $errors (printf "%s.replicas: %d is a fixed number of pods, but KEDA scales this worker because its queue URLs are set; use %s.minReplicas, or keda.enabled=false." $key (int64 $worker.replicas) $key) -}}
{{-   end -}}
{{- end -}}
{{- toYaml $errors -}}
{{- end }}

{{- define "stereo-spot.validateWebUi" -}}
{{- $errors := list -}}
{{- $ui := .Values.webUi -}}
{{- $auto := $ui.autoscaling -}}
{{- if $auto.enabled -}}
{{-   if gt (int64 $auto.minReplicas) (int64 $auto.maxReplicas) -}}
{{-     $errors = append $errors (printf "webUi.autoscaling.minReplicas: %d is more than webUi.autoscaling.maxReplicas: %d; raise the one or lower the other." (int64 $auto.minReplicas) (int64 $auto.maxReplicas)) -}}
{{-   end -}}
{{-   if ne (int64 $ui.replicas) 1 -}}
{{-     $errors = append $errors (printf "webUi.replicas: %d is a fixed number of pods, which webUi.autoscaling.enabled takes over; use webUi.autoscaling.minReplicas, or leave one of the two out." (int64 $ui.replicas)) -}}
{{-   end -}}
{{-   if not ($ui.resources.requests | default dict).cpu -}}
{{-     $errors = append $errors "webUi.autoscaling.enabled: the target is a share of webUi.resources.requests.cpu, which is missing; set it (100m), or turn autoscaling off." -}}
{{-   end -}}
{{- end -}}
{{- if $ui.pdb.enabled -}}
{{-   $floor := int64 (include "stereo-spot.webUiFloor" .) -}}
{{-   $min := toString $ui.pdb.minAvailable -}}
{{-   $max := toString $ui.pdb.maxUnavailable -}}
{{-   $hasMin := not (or (kindIs "invalid" $ui.pdb.minAvailable) (eq $min "")) -}}
{{-   $hasMax := not (or (kindIs "invalid" $ui.pdb.maxUnavailable) (eq $max "")) -}}
{{-   if and $hasMin $hasMax -}}
{{-     $errors = append $errors "webUi.pdb: minAvailable and maxUnavailable are both set, and Kubernetes takes one; set the other to \"\"." -}}
{{-   else if not (or $hasMin $hasMax) -}}
{{-     $errors = append $errors "webUi.pdb.enabled: neither minAvailable nor maxUnavailable is set; set one of them." -}}
{{-   else if $hasMin -}}
{{-     $kept := int64 (trimSuffix "%" $min) -}}
{{-     if hasSuffix "%" $min }}{{ $kept = div (add (mul $kept $floor) 99) 100 }}{{ end -}}
{{-     if and (gt (int64 $kept) 0) (ge (int64 $kept) $floor) -}}
{{-       $errors = append $errors (printf "webUi.pdb.minAvailable: %s of %d pods leaves none that may be evicted, so a node could never be drained; raise webUi.replicas (or webUi.autoscaling.minReplicas), or use webUi.pdb.maxUnavailable=1 with minAvailable=\"\"." $min $floor) -}}
{{-     end -}}
{{-   else if eq (trimSuffix "%" $max) "0" -}}
{{-     $errors = append $errors "webUi.pdb.maxUnavailable: 0 forbids every eviction, so a node could never be drained; set 1 or more." -}}
{{-   end -}}
{{- end -}}
{{- toYaml $errors -}}
{{- end }}

{{- define "stereo-spot.validateIdentity" -}}
{{- $errors := list -}}
{{- $root := . -}}
{{- $names := dict -}}
{{- range $key := list "webUi" "mediaWorker" "videoWorker" -}}
{{-   $account := index $root.Values.serviceAccounts $key -}}
{{-   if $account.create -}}
{{-     $name := include "stereo-spot.serviceAccountName" (dict "root" $root "key" $key) -}}
{{-     with get $names $name -}}
{{-       $errors = append $errors (printf "serviceAccounts.%s.name: %s is created for serviceAccounts.%s already; name it differently, or share it with create=false." $key $name .) -}}
{{-     end -}}
{{-     $names = set $names $name $key -}}
{{-   else if $account.roleArn -}}
{{-     $errors = append $errors (printf "serviceAccounts.%s.roleArn: a role is written on the ServiceAccount, which serviceAccounts.%s.create=false leaves to you; annotate yours, and drop roleArn." $key $key) -}}
{{-   end -}}
{{- end -}}
{{- if include "stereo-spot.anyScaled" . -}}
{{-   $auth := .Values.keda.auth -}}
{{-   $workload := eq $auth.identityOwner "workload" -}}
{{-   if and $workload $auth.roleArn -}}
{{-     $errors = append $errors "keda.auth.roleArn: with identityOwner: workload KEDA takes the role of the worker's ServiceAccount; drop roleArn, or set identityOwner=keda." -}}
{{-   end -}}
{{-   if and $auth.secretName (or $workload $auth.roleArn) -}}
{{-     $errors = append $errors "keda.auth.secretName: static keys and a role (roleArn, or identityOwner: workload) exclude each other; keep one." -}}
{{-   end -}}
{{-   if and $auth.existingTriggerAuthentication (or $workload $auth.roleArn $auth.secretName) -}}
{{-     $errors = append $errors "keda.auth.existingTriggerAuthentication: yours is used as it is, so roleArn, secretName and identityOwner: workload have no effect; drop them." -}}
{{-   end -}}
{{-   if and $workload (not $auth.existingTriggerAuthentication) -}}
{{-     range $key := list "mediaWorker" "videoWorker" -}}
{{-       $account := index $root.Values.serviceAccounts $key -}}
{{-       $annotated := or $account.roleArn (index $account.annotations "eks.amazonaws.com/role-arn") -}}
{{-       if and (include "stereo-spot.scaled" (dict "root" $root "key" $key)) $account.create (not $annotated) -}}
{{-         $errors = append $errors (printf "keda.auth.identityOwner: workload reads the role of the worker's ServiceAccount, and serviceAccounts.%s.roleArn is empty; set it, or identityOwner=keda." $key) -}}
{{-       end -}}
{{-     end -}}
{{-   end -}}
{{- end -}}
{{- toYaml $errors -}}
{{- end }}

{{- define "stereo-spot.validateCluster" -}}
{{- $errors := list -}}
{{- $class := .Values.karpenter.nodeClass -}}
{{- if .Values.karpenter.enabled -}}
{{-   if $class.create -}}
{{-     if not $class.role -}}
{{-       $errors = append $errors "karpenter.nodeClass.role: nodes need an IAM role to join the cluster; set its name (KarpenterNodeRole-my-cluster), or create=false and the name of an EC2NodeClass of yours." -}}
{{-     end -}}
{{-     if not $class.clusterName -}}
{{-       $errors = append $errors "karpenter.nodeClass.clusterName: subnets and security groups are found by the tag karpenter.sh/discovery; set the cluster's name (my-cluster), or create=false and the name of an EC2NodeClass of yours." -}}
{{-     end -}}
{{-   else if not $class.name -}}
{{-     $errors = append $errors "karpenter.nodeClass.name: with create=false the pool needs an EC2NodeClass of yours; set its name (default)." -}}
{{-   end -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled -}}
{{-   $errors = append $errors "serviceMonitor.enabled and podMonitor.enabled together scrape every worker twice; turn one off." -}}
{{- end -}}
{{- if and (or .Values.serviceMonitor.enabled .Values.podMonitor.enabled) (not (or .Values.mediaWorker.metrics.enabled .Values.videoWorker.metrics.enabled)) -}}
{{-   $errors = append $errors "serviceMonitor.enabled or podMonitor.enabled: both workers have metrics.enabled=false, so there is nothing to scrape; turn one of them on, or the monitor off." -}}
{{- end -}}
{{- toYaml $errors -}}
{{- end }}
