import type { Severity } from '../../problem';

/** Larger is worse. */
export const severityRank: Readonly<Record<Severity, number>> = { error: 3, warning: 2, note: 1 };
