{{/* What things are called, and the labels by which they find one another. */}}

{{- define "cityspace.name" -}}
{{- printf "%s-%s" .Release.Name .Values.role | trunc 52 | trimSuffix "-" -}}
{{- end }}

{{- define "cityspace.release" -}}
app.kubernetes.io/name: cityspace
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "cityspace.selector" -}}
{{ include "cityspace.release" . }}
app.kubernetes.io/component: {{ .Values.role }}
{{- end }}

{{- define "cityspace.about" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: city-data-space
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "cityspace.labels" -}}
{{ include "cityspace.selector" . }}
{{ include "cityspace.about" . }}
{{- end }}

{{- define "cityspace.host" -}}
{{- regexReplaceAll ":[0-9]+$" (urlParse .Values.address).host "" -}}
{{- end }}

{{- define "cityspace.image" -}}
{{- $image := .Values.image -}}
{{- with $image.registry }}{{ . | trimSuffix "/" }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end }}

{{/* Whether the pods hold nothing, so that there may be any number of them. */}}
{{- define "cityspace.stateless" -}}
{{- if and .Values.graph.url .Values.assets.url (not (include "cityspace.member" .)) }}yes{{ end -}}
{{- end }}

{{/* Whether it is a node that a city has admitted or is asked to, with its keys and its membership on
     its volume. A node with a secret of a realm is known there without them. */}}
{{- define "cityspace.member" -}}
{{- if and (eq .Values.role "node") (not (hasKey .Values.secretSettings "CITYSPACE_IDENTITY_SECRET")) }}yes{{ end -}}
{{- end }}

{{/* Whether several pods answer at once. */}}
{{- define "cityspace.several" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}yes{{ end -}}
{{- end }}
