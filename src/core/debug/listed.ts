import { formatShape } from '../tensor/shape';
import { formatSignificant } from '../text/format';
import type { DescribedLayer, DescribedTensor, Description, ValueHealth } from './answers';

/** What a list says of a value beside its name: `float32 [2,3] · 2 NaN`. */
export function listedText(value: Description): string {
  switch (value.kind) {
    case 'tensor':
      return joined(
        `${value.dtype} ${formatShape(value.shape)}`,
        value.device === 'cpu' ? '' : value.device,
        badText(value),
      );
    case 'layer':
      return joined(`${value.type}, ${value.channels} channels`, modeOf(value));
    case 'refused':
      return value.message;
  }
}

/** What there is to know of a value, in lines. */
export function listedDetail(value: Description): string {
  if (value.kind === 'refused') return `Not read: ${value.message}.`;
  if (value.kind === 'layer') {
    const { epsilon, momentum } = value.statement;
    const settings = [
      epsilon === undefined ? [] : [`epsilon ${epsilon}`],
      momentum === undefined ? [] : [`momentum ${momentum ?? 'none: a cumulative average'}`],
    ].flat();
    return [listedText(value), settings.join(', '), ...value.notes].filter(Boolean).join('\n');
  }
  const what = [value.framework, value.type].filter(Boolean).join(' ');
  return [what, listedText(value), ...rangeOf(value.health, value.elements)].join('\n');
}

/** Whether a value has elements that are NaN or infinite, as far as was looked. */
export function isUnwell(value: Description): boolean {
  const health = value.kind === 'tensor' ? value.health : undefined;
  return health !== undefined && health.nan + health.infinite > 0;
}

function modeOf({ statement: { training, tracking } }: DescribedLayer): string {
  if (tracking === 'frozen') return 'frozen';
  return training === undefined ? '' : training ? 'training' : 'evaluation';
}

function badText({ health, elements }: DescribedTensor): string {
  if (!health) return '';
  const bad = [
    health.nan > 0 ? `${health.nan} NaN` : '',
    health.infinite > 0 ? `${health.infinite} ∞` : '',
  ].filter(Boolean);
  if (bad.length === 0) return '';
  return `${bad.join(', ')}${health.of < elements ? ` in the first ${health.of}` : ''}`;
}

function rangeOf(health: ValueHealth | undefined, elements: number): readonly string[] {
  if (!health) return ['Its values were not looked at: there was no time left.'];
  const { minimum, maximum, mean, of } = health;
  if (minimum === null || maximum === null) return ['None of its values is finite.'];
  const part = of < elements ? `, the first ${of} of ${elements}` : '';
  const average = mean === null ? '' : `, mean ${formatSignificant(mean)}`;
  return [`${formatSignificant(minimum)} to ${formatSignificant(maximum)}${average}${part}`];
}

function joined(...parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' · ');
}
