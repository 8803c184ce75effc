{{/* What no schema can say: values that contradict one another. */}}
{{- define "cityspace.checks" -}}
{{- $stateless := include "cityspace.stateless" . -}}
{{- if not .Values.address -}}
{{- fail "address: the https address that readers use is missing / 缺少对外访问地址 address" -}}
{{- end -}}
{{- if not .Values.identity.url -}}
{{- fail "identity.url: a cluster needs Keycloak; the embedded issuer serves one machine only / 集群部署必须填写 identity.url（Keycloak）" -}}
{{- end -}}
{{- if .Values.join.enabled -}}
{{- if not (include "cityspace.member" .) -}}
{{- fail "join.enabled: a node joins, without a CITYSPACE_IDENTITY_SECRET of its own, and a hub does not / 仅子空间节点可接入，且无须 CITYSPACE_IDENTITY_SECRET" -}}
{{- end -}}
{{- range $name, $value := dict "hub.url" .Values.hub.url "join.creditCode" .Values.join.creditCode "join.code.secret" .Values.join.code.secret "settings.CITYSPACE_PROFILE" (index .Values.settings "CITYSPACE_PROFILE") -}}
{{- if not $value -}}
{{- fail (printf "%s: a node that joins needs it / 接入城市时必须填写 %s" $name $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (not $stateless) -}}
{{- fail "autoscaling.enabled: an embedded catalogue or folder has one pod, and so has a node that joins a city; a hub scales with graph.url (Neo4j) and assets.url (S3) / 内置目录库或文件夹、接入城市的节点只能有一个副本" -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (not $stateless) -}}
{{- fail "replicas: an embedded catalogue or folder has one pod, and so has a node that joins a city; set replicas to 1, or for a hub graph.url (Neo4j) and assets.url (S3) / 内置目录库或文件夹、接入城市的节点只能有一个副本" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (lt (int .Values.autoscaling.replicasMax) (int .Values.autoscaling.replicasMin)) -}}
{{- fail "autoscaling.replicasMax is less than replicasMin / replicasMax 小于 replicasMin" -}}
{{- end -}}
{{- if and (include "cityspace.several" .) (not (hasKey .Values.secretSettings "CITYSPACE_CURSOR_KEY")) -}}
{{- fail "secretSettings.CITYSPACE_CURSOR_KEY: several pods need one key, or each refuses the others' cursors / 多副本须共用游标密钥" -}}
{{- end -}}
{{- $webhooks := index .Values.settings "CITYSPACE_WEBHOOKS" | default "off" -}}
{{- if and (include "cityspace.several" .) (ne $webhooks "off") (not (hasKey .Values.secretSettings "CITYSPACE_WEBHOOK_KEY")) -}}
{{- fail "secretSettings.CITYSPACE_WEBHOOK_KEY: several pods need one key, or receivers refuse each other's signatures / 多副本须共用回调签名密钥" -}}
{{- end -}}
{{- $needed := list -}}
{{- if .Values.graph.url }}{{ $needed = append $needed "CITYSPACE_GRAPH_PASSWORD" }}{{ end -}}
{{- if .Values.assets.url }}{{ $needed = concat $needed (list "CITYSPACE_ASSETS_KEY" "CITYSPACE_ASSETS_SECRET") }}{{ end -}}
{{- if eq .Values.role "hub" }}{{ $needed = append $needed "CITYSPACE_IDENTITY_SECRET" }}{{ end -}}
{{- range $needed -}}
{{- if not (hasKey $.Values.secretSettings .) -}}
{{- fail (printf "secretSettings.%s: name the Secret that holds it / 请填写存放该密钥的 Secret" .) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "graph" "identity" "assets" "hub" -}}
{{- $part := index $.Values $name -}}
{{- if and $.Values.networkPolicy.enabled $part.url (not $part.peers) -}}
{{- fail (printf "%s.peers: the network policy denies the way to %s; say where its pods or addresses are / 网络策略默认拒绝，请填写 %s.peers" $name $part.url $name) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (not .Values.networkPolicy.from) -}}
{{- fail "networkPolicy.from: nobody could ask; name the ingress controller's namespace / 请填写允许访问的来源" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.tlsSecret) -}}
{{- fail "ingress.tlsSecret: there is no ingress without TLS / 入口必须启用 TLS" -}}
{{- end -}}
{{- end }}
