import { parameterNames, type ParameterName } from '../../core/batchnorm/layer';
import { foremost } from '../../core/batchnorm/series/onsets';
import { spreadOf } from '../../core/batchnorm/series/spread';
import type { ParameterLines, SeriesLines } from '../../protocol/series';
import type { ExaminedLayer } from './examineSeries';

/** What the charts of a layer draw: one number a checkpoint. */
export function linesOf(layer: ExaminedLayer): SeriesLines {
  const channel = foremost(layer.onsets)?.finding.channels[0] ?? null;
  return {
    layer: layer.name,
    channel,
    parameters: parameterNames.map(parameter => parameterLines(layer, parameter, channel)),
    found: layer.found.map(findings => findings.map(({ id }) => id)),
  };
}

function parameterLines(
  { members }: ExaminedLayer,
  parameter: ParameterName,
  channel: number | null,
): ParameterLines {
  const values = members.map(member => member?.known.layer[parameter]);
  const spreads = values.map(numbers => numbers && spreadOf(numbers));
  return {
    parameter,
    least: Float64Array.from(spreads, spread => spread?.least ?? NaN),
    median: Float64Array.from(spreads, spread => spread?.median ?? NaN),
    greatest: Float64Array.from(spreads, spread => spread?.greatest ?? NaN),
    channel: Float64Array.from(
      channel === null ? [] : values,
      numbers => numbers?.[channel ?? 0] ?? NaN,
    ),
    nonFinite: Float64Array.from(spreads, spread => spread?.nonFinite ?? NaN),
  };
}
