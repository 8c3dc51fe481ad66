import type { Finding, Known } from '../core/batchnorm/diagnose/finding';
import { relateFiles } from '../core/batchnorm/diagnose/relatedFiles';
import type { Examined, Unread } from './doctorSubjects';

/** What is known of layers because several checkpoints were given. */
export interface RelatedKnown {
  /** By file and layer, as they were examined. */
  readonly known: readonly (readonly Partial<Known>[])[];
  /** By file: layers that could not be set beside those of another. */
  readonly found: readonly (readonly Unread[])[];
}

/** Sets the layers of several checkpoints beside each other; run files and recordings stand for themselves. */
export function relatedKnown(examined: readonly Examined[]): RelatedKnown {
  const places = examined.flatMap(({ isCheckpoint, layers }, i) =>
    isCheckpoint && layers.length > 0 ? [i] : [],
  );
  const nothing = { known: examined.map(() => []), found: examined.map(() => []) };
  if (places.length < 2) return nothing;
  const files = places.map(i => {
    const { label = '', layers = [] } = examined[i] ?? {};
    return {
      label,
      layers: layers.map(({ name, known }) => ({
        name,
        layer: known.layer,
        counted: known.checkpoint?.counted === true,
      })),
    };
  });
  const { related, unrelated } = relateFiles(files);
  return {
    known: examined.map((_, i) => related[places.indexOf(i)] ?? []),
    found: examined.map((_, i) =>
      unrelated
        .filter(({ file }) => places[file] === i)
        .map(({ layer, message }) => ({ layer, finding: unpaired(message) })),
    ),
  };
}

function unpaired(message: string): Finding {
  return {
    id: 'layer-unpaired',
    severity: 'warning',
    message,
    channels: [],
    evidence: {},
    fix: 'Nothing, where the model was changed on purpose; else give checkpoints of one run, in order.',
    source: '',
  };
}
