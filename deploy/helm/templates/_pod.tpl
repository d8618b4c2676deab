{{/* The pod of a role. Values: root (the chart's scope), part (its values), name, role, tag. */}}
{{- define "video-understanding.pod" -}}
metadata:
  labels:
    app.kubernetes.io/name: {{ .root.Chart.Name }}
    app.kubernetes.io/instance: {{ .root.Release.Name }}
    app.kubernetes.io/component: {{ .name }}
spec:
  terminationGracePeriodSeconds: {{ add (.part.drainSeconds | default 5) 30 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    fsGroup: 10001
  containers:
    - name: server
      image: "{{ .root.Values.image.repository }}:{{ .tag }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: ["serve"]
      ports:
        - name: http
          containerPort: 8080
      env:
        - name: VideoUnderstanding__Server__Role
          value: {{ .role }}
        - name: VideoUnderstanding__Server__Node
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: VideoUnderstanding__Indexing__DrainSeconds
          value: {{ .part.drainSeconds | default 5 | quote }}
        {{- range $name, $value := merge (dict) .part.settings .root.Values.settings }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
      envFrom:
        - secretRef:
            name: {{ .root.Values.secretName }}
      # The first start may download models before it listens.
      startupProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 10
        failureThreshold: 180
      livenessProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 15
        timeoutSeconds: 5
      readinessProbe:
        httpGet: { path: /health/ready, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
      resources:
        {{- toYaml .part.resources | nindent 8 }}
      volumeMounts:
        - name: data
          mountPath: /data
        - name: models
          mountPath: /models
  volumes:
    # Nothing in it must survive the pod: the files are in the bucket.
    - name: data
      emptyDir:
        sizeLimit: {{ .root.Values.dataSize }}
    - name: models
      emptyDir: {}
{{- end }}

{{/* The deployment of a role, with the same values. */}}
{{- define "video-understanding.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .root.Release.Name }}-{{ .name }}
spec:
  replicas: {{ .part.replicas }}
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ .root.Chart.Name }}
      app.kubernetes.io/instance: {{ .root.Release.Name }}
      app.kubernetes.io/component: {{ .name }}
  template:
    {{- include "video-understanding.pod" . | nindent 4 }}
{{- end }}
