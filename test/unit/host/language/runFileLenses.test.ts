import { describe, expect, it } from 'vitest';
import { runFileLenses } from '../../../../src/host/language/runFileLenses';

describe('lenses of a run file', () => {
  it('stand above the input and say what it holds', () => {
    const text = '{\n  "gamma": [1, 1],\n  "input": [[1, 2], [3, 4]]\n}';
    const [inspect, summary] = runFileLenses(text);
    expect(inspect).toMatchObject({ offset: text.indexOf('"input"') });
    expect(inspect?.title).toContain('Inspect in Normscope');
    expect(summary?.title).toContain('f32[2,2] n=4');
  });

  it('are the link alone where the file cannot be read or is long', () => {
    expect(runFileLenses('{"input": [[1, 2], [3]]}')).toHaveLength(1);
    expect(runFileLenses(`[${'0,'.repeat(1 << 20)}0]`)).toHaveLength(1);
  });
});
