{{/* The pod that the node and the migration share: its image, its settings, and what it may not. */}}

{{- define "cityspace.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ int .Values.userId }}
runAsGroup: {{ int .Values.userId }}
fsGroup: {{ int .Values.userId }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "cityspace.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Literal values, not a ConfigMap: a changed setting replaces the pods, and the migration, which
     comes before everything else of a release, has them too. */}}
{{- define "cityspace.env" -}}
{{- $name := include "cityspace.name" . -}}
- {name: CITYSPACE_ENVIRONMENT, value: production}
- {name: CITYSPACE_HOST, value: 0.0.0.0}
- {name: CITYSPACE_PORT, value: "8000"}
- {name: CITYSPACE_DATA, value: /data}
- {name: CITYSPACE_LOG_FORMAT, value: json}
- {name: CITYSPACE_STOP_SECONDS_MAX, value: {{ .Values.stop.requestSeconds | quote }}}
- {name: CITYSPACE_BASE_URL, value: {{ .Values.address | quote }}}
- name: POD_IP
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
- name: CITYSPACE_TRUSTED_HOSTS
  value: {{ concat (list "$(POD_IP)" "[$(POD_IP)]" $name (printf "%s.%s" $name .Release.Namespace) (printf "%s.%s.svc" $name .Release.Namespace) (printf "%s.%s.svc.cluster.local" $name .Release.Namespace)) .Values.trustedHosts | join "," | quote }}
{{- range $part := list "graph" "identity" "assets" }}
{{- with (index $.Values $part).url }}
{{- /* A node without a secret of the realm knows its issuer from the hub, with its admission. */}}
{{- if or (ne $part "identity") (hasKey $.Values.secretSettings "CITYSPACE_IDENTITY_SECRET") }}
- {name: CITYSPACE_{{ upper $part }}, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- range $key, $value := .Values.settings }}
- {name: {{ $key }}, value: {{ $value | quote }}}
{{- end }}
{{- range $key, $from := .Values.secretSettings }}
- name: {{ $key }}
  valueFrom: {secretKeyRef: {name: {{ $from.secret | quote }}, key: {{ $from.key | quote }}}}
{{- end }}
{{- if .Values.trust.configMap }}
- {name: SSL_CERT_FILE, value: /etc/cityspace/trust/ca.crt}
- {name: REQUESTS_CA_BUNDLE, value: /etc/cityspace/trust/ca.crt}
{{- end }}
{{- end }}

{{- define "cityspace.mounts" -}}
- {name: data, mountPath: /data}
- {name: scratch, mountPath: /tmp}
{{- if .Values.trust.configMap }}
- {name: trust, mountPath: /etc/cityspace/trust, readOnly: true}
{{- end }}
{{- end }}

{{/* Joins the city before the node serves for the first time; afterwards it asks nobody. */}}
{{- define "cityspace.joining" -}}
- name: join
  image: {{ include "cityspace.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args:
    - node
    - join
    - {{ .Values.hub.url | quote }}
    - --once
    - --wait
    - --code=@/etc/cityspace/invitation/code
    - {{ printf "--profile=%s" (index .Values.settings "CITYSPACE_PROFILE") | quote }}
    - {{ printf "--credit-code=%s" .Values.join.creditCode | quote }}
    - {{ printf "--address=%s" .Values.address | quote }}
    {{- with .Values.join.name }}
    - {{ printf "--name=%s" . | quote }}
    {{- end }}
    {{- if .Values.join.rulebook.configMap }}
    - --rulebook=/etc/cityspace/rulebook/rulebook.toml
    {{- end }}
  env: {{- include "cityspace.env" . | nindent 4 }}
  securityContext: {{- include "cityspace.containerSecurity" . | nindent 4 }}
  resources: {{- toYaml .Values.resources | nindent 4 }}
  volumeMounts:
    {{- include "cityspace.mounts" . | nindent 4 }}
    - {name: invitation, mountPath: /etc/cityspace/invitation, readOnly: true}
    {{- if .Values.join.rulebook.configMap }}
    - {name: rulebook, mountPath: /etc/cityspace/rulebook, readOnly: true}
    {{- end }}
{{- end }}

{{/* The Secret may go once the node has joined, so a pod starts without it. */}}
{{- define "cityspace.invitation" -}}
{{- with .Values.join -}}
- name: invitation
  secret: {secretName: {{ .code.secret | quote }}, items: [{key: {{ .code.key | quote }}, path: code}], optional: true}
{{- if .rulebook.configMap }}
- name: rulebook
  configMap: {name: {{ .rulebook.configMap | quote }}, items: [{key: {{ .rulebook.key | quote }}, path: rulebook.toml}], optional: true}
{{- end }}
{{- end }}
{{- end }}

{{/* What every pod mounts besides its data. */}}
{{- define "cityspace.volumes" -}}
- name: scratch
  emptyDir: {sizeLimit: 256Mi}
{{- with .Values.trust }}
{{- if .configMap }}
- name: trust
  configMap: {name: {{ .configMap | quote }}, items: [{key: {{ .key | quote }}, path: ca.crt}]}
{{- end }}
{{- end }}
{{- end }}

{{/* Where the pod may run. Service links would bring variables that begin with
     CITYSPACE_ into the pod, and the node refuses those that it does not know. */}}
{{- define "cityspace.placing" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - {name: {{ . | quote }}}
{{- end }}
{{- end }}
{{- with .Values.priorityClass }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
