/** What messages say, as Go templates of Alertmanager: https://prometheus.io/docs/alerting/latest/notifications/ */

/** One line: what, how many, whose, where. A cluster's name is among the labels where the Cluster has one. */
export const TITLE = '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} {{ with .CommonLabels.inference_service }}{{ $.CommonLabels.namespace }}/{{ . }}{{ end }}{{ with .CommonLabels.team }} (team {{ . }}){{ end }}{{ with .CommonLabels.cluster }} on {{ . }}{{ end }}';

/** Each alert's summary, and where it is written what to do. */
export const TEXT = '{{ range .Alerts }}{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ .Annotations.summary }}{{ with .Annotations.runbook_url }}\nWhat to do: {{ . }}{{ end }}\n{{ end }}';

/** Where it is written what to do, when it is the same for all alerts of a message. */
export const RUNBOOK = '{{ .CommonAnnotations.runbook_url }}';

/** A text that goes by the severity of a message's alerts. */
export function bySeverity(critical: string, warning: string, info: string): string {
  return `{{ if eq .CommonLabels.severity "critical" }}${critical}{{ else if eq .CommonLabels.severity "info" }}${info}{{ else }}${warning}{{ end }}`;
}
