import type { JsonObject } from '../../text/json';
import type { EvidenceTable, Finding } from './finding';

/**
 * A finding as `CLI.md` has it, wherever it is printed or copied. Numbers by channel are part of the
 * evidence, as `worstChannels`.
 * @param layer null where it is about no layer
 */
export function findingRecord(finding: Finding, layer: string | null): JsonObject {
  const { id, severity, channels, message, evidence, table, fix, source } = finding;
  return {
    id,
    severity,
    layer,
    channels: [...channels],
    message,
    evidence: { ...evidence, ...(table && { worstChannels: tableRecord(table) }) },
    fix,
    source,
  };
}

function tableRecord({ channels, columns }: EvidenceTable): JsonObject {
  return {
    channel: [...channels],
    ...Object.fromEntries(columns.map(({ label, values }) => [label, [...values]])),
  };
}
