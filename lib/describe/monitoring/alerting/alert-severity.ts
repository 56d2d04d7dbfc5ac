/** How urgent an alert is: the value of its label `severity`. */
export enum AlertSeverity {
  /** Somebody is to act now, at night as well. */
  CRITICAL = 'critical',
  /** Somebody is to act within days: a ticket. */
  WARNING = 'warning',
  /** Good to know; nobody has to act. */
  INFO = 'info',
}
