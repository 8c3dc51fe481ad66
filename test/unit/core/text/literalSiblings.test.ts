import { describe, expect, it } from 'vitest';
import { runningNames } from '../../../../src/core/batchnorm/statement';
import { languageProfile } from '../../../../src/core/text/literalLanguage';
import { findTensorLiteral } from '../../../../src/core/text/literals';
import { findSiblings, type Siblings } from '../../../../src/core/text/literalSiblings';

/** Siblings of the literal at the mark `¦`. */
function siblings(marked: string, languageId: string): Siblings {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const language = languageProfile(languageId);
  const literal = findTensorLiteral(text, offset, language);
  if (!literal) throw new Error(`no literal in ${marked}`);
  return findSiblings(text, literal, language);
}

describe('findSiblings', () => {
  it('reads the keys of the same JSON object, in any spelling', () => {
    const text = `{"other": {"gamma": [9]}, "a": [{
      "Epsilon": 1e-3, "momentum": null, "moving-mean": [0.5, 1], "x": "} {",
      "input": [[1, 2], ¦[3, 4]], // {"beta": [7, 7]}
      "nested": {"beta": [8, 8]}, "runningVar": 2, "training": true, "trainable": false,
      "data_format": "NCHW", "framework": "keras3", "scale": [3, 4], "shape": [2, 2], "unknown": 1
    }], "beta": [5, 5]}`;
    const { statement, found, shape } = siblings(text, 'json');
    expect(statement).toEqual({
      epsilon: 1e-3,
      momentum: null,
      implied: runningNames,
      training: true,
      trainable: false,
      channelAxis: 1,
      convention: 'keras3',
      parameters: {
        movingMean: Float64Array.of(0.5, 1),
        movingVariance: Float64Array.of(2),
        gamma: Float64Array.of(3, 4),
      },
    });
    expect(shape).toEqual([2, 2]);
    const variance = found.find(sibling => sibling.role === 'movingVariance');
    expect(variance?.name).toBe('runningVar');
    expect(text.replace('¦', '').slice(variance?.valueRange.start, variance?.valueRange.end)).toBe(
      '2',
    );
  });

  it('reads a mask that is said of the literal itself, and no other', () => {
    const mask = (text: string, languageId = 'python'): unknown => siblings(text, languageId).mask;
    const wanted = { shape: [2], dtype: 'bool', data: Uint8Array.of(1, 0) };
    expect(mask('{"mask": [true, false], "x": ¦[[1, 2], [3, 4]]}', 'json')).toEqual(wanted);
    expect(mask('f(x=¦[[1, 2], [3, 4]], mask=np.array([True, False]))')).toEqual(wanted);
    expect(mask('f(x=¦[[1, 2], [3, 4]], mask=[2, 0])')).toEqual(wanted);
    expect(mask('f(x=¦[[1, 2], [3, 4]], mask=[True, 0.5])')).toBeUndefined();
    expect(mask('f(x=¦[[1, 2], [3, 4]], mask=np.ones(2))')).toBeUndefined();
    expect(mask('mask = [True, False]\nx = np.array(¦[[1, 2], [3, 4]])')).toBeUndefined();
  });

  it('takes no list of booleans for a parameter', () => {
    expect(siblings('f(x=¦[[1, 2], [3, 4]], gamma=[True, False])', 'python').found).toEqual([]);
  });

  it('says nothing where there is no object or nothing is said', () => {
    expect(siblings('[[1, ¦2], [3, 4]]', 'json')).toEqual({
      statement: { parameters: {} },
      found: [],
    });
  });

  it('takes scale as a switch where it is a boolean', () => {
    const { statement, found } = siblings('{"scale": true, "x": [[¦1, 2]]}', 'json');
    expect(statement.parameters).toEqual({});
    expect(found.map(sibling => sibling.role)).toEqual(['scale']);
  });

  it('reads assignments in Python, the nearest above first', () => {
    const text = [
      'gamma = np.array([9., 9.])',
      'gamma = np.array([2., 2.])',
      'self.running_mean = torch.zeros(2)',
      'running_var: Tensor = torch.full((2,), 3.0)',
      'eps = 1e-3',
      'momentum = 1 - decay',
      'optimizer = SGD(momentum=0.9)',
      'mean = 0.5',
      'x = torch.tensor([[1., 2.], ¦[3., 4.]])',
      'beta = [1, 2]',
      'beta = [3, 4]',
      'training = True',
    ].join('\n');
    const { statement } = siblings(text, 'python');
    expect(statement).toEqual({
      epsilon: 1e-3,
      training: true,
      implied: runningNames,
      parameters: {
        gamma: Float64Array.of(2, 2),
        beta: Float64Array.of(1, 2),
        movingMean: Float64Array.of(0),
        movingVariance: Float64Array.of(3),
      },
    });
  });

  it('reads keyword arguments beside the literal before assignments', () => {
    const text = [
      'gamma = [5, 5]',
      "y = batch_norm(torch.tensor([[1., ¦2.]]), gamma=[2, 2], name='a)', training=False)",
    ].join('\n');
    expect(siblings(text, 'python').statement).toEqual({
      implied: { convention: 'pytorch', by: 'torch.tensor' },
      training: false,
      parameters: { gamma: Float64Array.of(2, 2) },
    });
  });

  it('reads const declarations and properties in TypeScript', () => {
    const code =
      'export const gamma: number[] = [2, 2];\nconst x = [[1, ¦2]];\nlet epsilon = 0.01; // a';
    expect(siblings(code, 'typescript').statement).toEqual({
      epsilon: 0.01,
      parameters: { gamma: Float64Array.of(2, 2) },
    });
    const object =
      "f({ x: [[1, ¦2]], // beta: [9]\n  'beta': new Float32Array([1, 2]), trainable: false })";
    expect(siblings(object, 'javascript').statement).toEqual({
      trainable: false,
      parameters: { beta: Float64Array.of(1, 2) },
    });
  });

  it('reads what a log or a note says on lines of its own', () => {
    const text = 'gamma: [0.5 1.5]\nbeta = [1, 2]\nx:\n[[1. ¦2.]]\n';
    expect(siblings(text, 'markdown').statement.parameters).toEqual({
      gamma: Float64Array.of(0.5, 1.5),
      beta: Float64Array.of(1, 2),
    });
  });

  it('leaves alone a vector of another layer, but not one said of this very literal', () => {
    expect(siblings('weight = [1, 2, 3]\nx = [[1, ¦2]]', 'python').found).toEqual([]);
    const { statement } = siblings('{"gamma": [1, 2, 3], "x": [[1, ¦2]]}', 'json');
    expect(statement.parameters.gamma).toHaveLength(3);
  });

  it('takes no matrix for a parameter, and no comparison for an assignment', () => {
    const text = 'weight = [[1, 2], [3, 4]]\nepsilon == 0.5\nx = [[1, ¦2]]';
    expect(siblings(text, 'python').found).toEqual([]);
  });
});
