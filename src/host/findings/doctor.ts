/** What is loaded when something is first examined: every rule with its words, and what it compares with. */
export {
  compareStatements,
  unpairedStatements,
} from '../../core/batchnorm/comparing/compareLayers';
export { findFolds } from '../../core/batchnorm/folding/findFolds';
export { findInPairs } from '../../core/batchnorm/comparing/findings/registry';
export { findAcrossFiles } from '../../core/batchnorm/diagnose/acrossFiles';
export { diagnose } from '../../core/batchnorm/diagnose/registry';
export { layerIncomplete } from '../../core/batchnorm/diagnose/layerIncomplete';
export { fixEffect } from '../../core/batchnorm/fixEffect';
export { findInRunFile } from '../language/runFileFindings';
export { fixesFor } from '../language/runFileFixes';
