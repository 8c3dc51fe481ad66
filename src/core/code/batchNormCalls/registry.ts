import type { CodeLanguage } from '../codeLanguage';
import type { CallFamily } from './callFamily';
import { flaxLinen, flaxNnx, haiku } from './families/jax';
import { keras } from './families/keras';
import { tensorflowArithmetic, tensorflowContrib } from './families/tensorflowContrib';
import { tensorflowJsArithmetic, tensorflowJsLayers } from './families/tensorflowJs';
import { tensorflowLayerClass, tensorflowLayers } from './families/tensorflowLayers';
import { torchFunctional, torchLazyModules, torchModules, torchOperator } from './families/torch';

/** Every way to call batch norm that this build knows. */
export const callFamilies: readonly CallFamily[] = [
  tensorflowLayers,
  tensorflowLayerClass,
  tensorflowContrib,
  tensorflowArithmetic,
  keras,
  torchModules,
  torchLazyModules,
  torchFunctional,
  torchOperator,
  flaxLinen,
  flaxNnx,
  haiku,
  tensorflowJsLayers,
  tensorflowJsArithmetic,
];

/** @param name with its module's: `torch.nn.BatchNorm2d` */
export function findCallFamily(name: string, language: CodeLanguage['id']): CallFamily | undefined {
  return callFamilies.find(family => family.language === language && family.callables.test(name));
}
