import { languageProfile } from '../../src/core/text/literalLanguage';
import { findTensorLiteral } from '../../src/core/text/literals';
import { findSiblings } from '../../src/core/text/literalSiblings';
import { readableText } from '../../src/core/text/readableText';
import { jsonText, logText, pythonText } from './documents';
import { seededRandom, type Measurements } from './measure';

const lookups = 300;

const documents = {
  python: { path: 'bench.py', write: () => pythonText(10e6) },
  json: { path: 'bench.json', write: () => jsonText(10e6) },
  log: { path: 'bench.log', write: () => logText(10e6, 50_000) },
};

/**
 * What the hover does in the extension host before the engine computes: making the text ready, once a version of a
 * document, and finding the literal at a random number with what is said beside it.
 */
export function measureLiterals(measured: Measurements): void {
  for (const [languageId, { path, write }] of Object.entries(documents)) {
    const document = write();
    const start = performance.now();
    const { text } = readableText(document, languageId, path);
    measured.add(`making 10 MB ready for hovers, ${languageId}`, performance.now() - start);
    const language = languageProfile(languageId);
    const random = seededRandom(5);
    for (let i = 0; i < lookups; i++) {
      const row = text.indexOf('\n    ', Math.floor(random() * text.length));
      const offset = text.indexOf('.', row < 0 ? 0 : row);
      const begin = performance.now();
      const literal = findTensorLiteral(text, offset, language);
      if (literal) findSiblings(text, literal, language);
      const took = performance.now() - begin;
      if (literal?.content.kind !== 'tensor') throw new Error(`no tensor at ${offset} of ${path}`);
      // The first finds the code not yet compiled.
      if (i > 20) measured.add(`finding a literal in 10 MB, ${languageId}`, took);
    }
  }
}
