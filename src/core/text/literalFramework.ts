import { findConvention } from '../batchnorm/conventions/registry';
import type { ImpliedConvention } from '../batchnorm/statement';
import type { Shape } from '../tensor/shape';
import type { TensorLiteral } from './literal';
import type { LanguageProfile } from './literalLanguage';

interface Framework {
  readonly languages: readonly LanguageProfile['id'][];
  /** Calls, or beginnings of prints, that no other framework has. */
  readonly calls: RegExp;
  /** Id of its convention. */
  readonly convention: string;
}

/** TensorFlow is none of them: which of its rules are meant, what made the tensor does not tell. */
const frameworks: readonly Framework[] = [
  {
    languages: ['python'],
    calls: /^(?:torch\.|(?:torch\.)?nn\.Parameter$)/,
    convention: 'pytorch',
  },
  { languages: ['text'], calls: /^(?:tensor|(?:torch|nn)\..*)$/, convention: 'pytorch' },
  { languages: ['python'], calls: /^(?:jnp|jax)\./, convention: 'flax' },
  { languages: ['text'], calls: /^Array$/, convention: 'flax' },
  { languages: ['javascript'], calls: /^tf\.(?:tensor\d?d?|variable)$/, convention: 'tfjs' },
];

/**
 * The convention that a literal's constructor means where nothing states one: `torch.tensor` makes tensors for PyTorch.
 * @param shape of the tensor; a convention that takes none of its rank is not meant
 */
export function conventionOfCall(
  { call }: TensorLiteral,
  shape: Shape,
  language: LanguageProfile,
): ImpliedConvention | undefined {
  const meant = frameworks.find(
    ({ languages, calls }) => languages.includes(language.id) && calls.test(call),
  );
  const found = meant && findConvention(meant.convention);
  if (!found?.ok) return undefined;
  const [low, high] = found.value.ranks;
  if (shape.length < low || shape.length > high) return undefined;
  return { convention: found.value.id, by: call };
}
