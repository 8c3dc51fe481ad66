import { sizeOf } from '../../core/tensor/shape';
import type { TensorLiteral } from '../../core/text/literal';
import type { HoverSettings } from './hoverSettings';

/**
 * Whether a literal is worth a hover. What a tensor constructor takes always is; a nested list from a
 * few numbers on; a flat list only when it is long. A mistake is worth one only in a constructor,
 * where a tensor is surely meant.
 */
export function deservesHover(literal: TensorLiteral, settings: HoverSettings): boolean {
  const { content, call } = literal;
  switch (content.kind) {
    case 'tooLarge':
      return true;
    case 'malformed':
      return call !== '';
    case 'elided':
      return call !== '' || content.shown >= settings.minimumElements;
    case 'tensor': {
      if (call !== '') return true;
      const { shape } = content.tensor;
      const least = shape.length > 1 ? settings.minimumElements : settings.minimumListElements;
      return sizeOf(shape) >= least;
    }
  }
}
