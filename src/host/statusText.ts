import type { InspectionView } from '../protocol/panel';

/** What the status bar says of an inspection. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly label: string;
}

/** Short: the two flags and how many steps were committed. */
export function statusText({ identity, flags, verdict }: InspectionView): StatusText {
  const { training, trainable } = flags.flags;
  const mark = (on: boolean): string => (on ? '$(check)' : '$(x)');
  const word = (on: boolean): string => (on ? 'on' : 'off');
  const steps =
    flags.steps === 0 ? '' : ` · ${flags.steps} ${flags.steps === 1 ? 'step' : 'steps'}`;
  return {
    text: `$(pulse) training ${mark(training)} trainable ${mark(trainable)}${steps}`,
    tooltip: `${identity.title}, ${identity.convention.name}: ${verdict.text}`,
    label: `Normscope, ${identity.title}: training ${word(training)}, trainable ${word(trainable)}${steps}`,
  };
}
