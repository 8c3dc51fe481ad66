import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingIds } from '../../../src/core/batchnorm/diagnose/findingIds';
import { hasSamples, samples } from '../core/formats/fixtures';
import { safetensorsFile, type NamedTensor } from '../../vscode/suite/safetensors';
import { fileWith, runCli } from './terminal';

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly layer: string | null;
  readonly channels: readonly number[];
  readonly message: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly fix: string;
  readonly file?: string;
}

async function doctor(...files: string[]): Promise<{ status: number; found: Found[] }> {
  const { status, out, complaints } = await runCli(['doctor', ...files, '--json']);
  if (status === 2) throw new Error(complaints.join());
  return { status, found: JSON.parse(out) as Found[] };
}

/** A PyTorch layer of four channels, sound but for what is changed. */
function layer(
  name: string,
  change: Readonly<Record<string, readonly number[]>> = {},
): NamedTensor[] {
  const all = {
    weight: [1, 1.5, 0.5, 1.2],
    bias: [0, 1, -1, 0.5],
    running_mean: [1, 2, -3, 4],
    running_var: [1, 2, 3, 4],
    ...change,
  };
  return Object.entries(all).map(([role, values]): NamedTensor => [
    `${name}.${role}`,
    role === 'num_batches_tracked' ? [] : [values.length],
    values,
  ]);
}

const checkpoint = (name: string, ...layers: NamedTensor[][]): string =>
  fileWith(name, safetensorsFile(layers.flat()));

const counted = (batches: number): Record<string, readonly number[]> => ({
  num_batches_tracked: [batches],
});

describe('doctor on a run file', () => {
  it('looks at the layer over its input, as the contract says', async () => {
    const { status, found } = await doctor('media/samples/domain-shift.bn.json');
    expect(status).toBe(0);
    expect(found[0]).toMatchObject({
      id: 'drift',
      severity: 'warning',
      layer: 'domain-shift',
      channels: [2, 7, 12],
      evidence: { channel: 7, cause: 'another domain', worstChannels: { channel: [7, 2, 12] } },
    });
    for (const finding of found) {
      expect(Object.keys(finding)).toEqual([
        'id',
        'severity',
        'layer',
        'channels',
        'message',
        'evidence',
        'fix',
        'source',
      ]);
    }
  });

  it('says what a framework would refuse instead of failing', async () => {
    const file = fileWith(
      'one.json',
      '{"x": [[1, 2, 3]], "running_mean": [0, 0, 1], "training": true, "framework": "pytorch"}',
    );
    const { status, found } = await doctor(file);
    expect(status).toBe(1);
    expect(found[0]).toMatchObject({ id: 'single-value', severity: 'error' });
  });

  it('finds the axis that the parameters fit', async () => {
    const rows = JSON.stringify([
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 9],
        ],
        [
          [1, 0],
          [2, 8],
        ],
      ],
    ]);
    const text = `{"x": ${rows}, "gamma": [1, 2, 3], "framework": "keras3", "training": true}`;
    const { status, found } = await doctor(fileWith('axis.json', text));
    expect(status).toBe(1);
    expect(found[0]).toMatchObject({ id: 'wrong-axis', evidence: { axis: 1, usualAxis: 3 } });
    // Stated, it is what the file means.
    const stated = text.replace('"training"', '"axis": 1, "training"');
    expect((await doctor(fileWith('stated.json', stated))).found.map(({ id }) => id)).not.toContain(
      'wrong-axis',
    );
  });

  it('prints the fix and the page', async () => {
    const { out, status } = await runCli(['doctor', 'media/samples/domain-shift.bn.json']);
    expect(status).toBe(0);
    expect(out).toMatch(
      /: 1 batch-norm layer, 2 warnings, 1 note\n\nwarning {2}drift {2}domain-shift\n/,
    );
    expect(out).toMatch(/^ +channel +batch mean +moving mean/m);
    expect(out).toMatch(/^ {2}Fix: Check that this input/m);
    expect(out).toMatch(/docs\/findings\/drift\.md/);
  });
});

describe('doctor on a checkpoint', () => {
  it('has status 1 where there is an error, and names layer, channel and fix', async () => {
    const file = checkpoint(
      'sick.safetensors',
      layer('ok', counted(9999)),
      layer('bad', { ...counted(9999), running_var: [1, -9.99989e-6, 3, 4] }),
    );
    const { status, found } = await doctor(file);
    expect(status).toBe(1);
    expect(found.map(({ id }) => id)).toEqual(['negative-variance']);
    expect(found[0]).toMatchObject({ id: 'negative-variance', layer: 'bad', channels: [1] });
    expect(found[0]?.fix).toMatch(/an exporter took epsilon off/);
    const one = await doctor(`${file}#ok`);
    expect(one).toEqual({ status: 0, found: [] });
    expect((await runCli(['doctor', `${file}#ok`])).out).toMatch(
      /1 batch-norm layer, nothing wrong found/,
    );
  });

  it('tells a kind once for all layers that have it', async () => {
    const dead = { ...counted(9999), weight: [1, 0, 1, 1] };
    const file = checkpoint(
      'dead.safetensors',
      layer('a', dead),
      layer('b', dead),
      layer('c', dead),
    );
    const { out } = await runCli(['doctor', file]);
    expect(out.match(/^warning {2}zero-gamma/gm)).toHaveLength(1);
    expect(out).toMatch(/Likewise in 2 more layers: b, c\./);
  });

  it('says which layers have no count of batches', async () => {
    const file = checkpoint('count.safetensors', layer('a', counted(9999)), layer('b'));
    const { found } = await doctor(file);
    expect(found.map(({ id, layer: name }) => [id, name])).toEqual([['count-missing', 'b']]);
  });

  it('has status 1 where a layer is broken, and gives each its reason', async () => {
    const file = checkpoint(
      'broken.safetensors',
      layer('ok', counted(9999)),
      layer('short', { ...counted(9999), running_var: [1, 2, 3] }),
      layer('lacking', counted(9999)).filter(([name]) => !name.endsWith('running_var')),
    );
    const { status, found } = await doctor(file);
    expect(status).toBe(1);
    expect(found).toMatchObject([
      { id: 'layer-incomplete', severity: 'error', layer: 'short', channels: [] },
      { id: 'layer-incomplete', layer: 'lacking', evidence: { running_var: 'missing' } },
    ]);
    const { out } = await runCli(['doctor', file]);
    expect(out).toMatch(/1 batch-norm layer, 2 errors/);
    expect(out).toMatch(/running_var has\s+3\s+entries,\s+running_mean\s+4/);
    expect(out).toMatch(/running_var\s+is\s+missing/);
    expect((await doctor(`${file}#lacking`)).found).toHaveLength(1);
    expect(await doctor(`${file}#ok`)).toEqual({ status: 0, found: [] });
  });

  it('examines what can be read, and lists the rest', async () => {
    fileWith('part-1.safetensors', safetensorsFile(layer('a', { weight: [1, 0, 1, 1] })));
    const names = ['a', 'b'].flatMap(name => layer(name).map(([tensor]) => tensor));
    const weight_map = Object.fromEntries(
      names.map(name => [name, name.startsWith('a') ? 'part-1.safetensors' : 'part-2.safetensors']),
    );
    const index = fileWith('model.safetensors.index.json', JSON.stringify({ weight_map }));
    const { status, found } = await doctor(index);
    expect(status).toBe(1);
    expect(found.map(({ id, layer: name }) => `${id} ${name}`)).toContain('zero-gamma a');
    expect(found[0]).toMatchObject({ id: 'unreadable', severity: 'error', channels: [] });
    expect(found[0]?.message).toContain('part-2.safetensors');
  });

  it('says where there is nothing to examine', async () => {
    const file = fileWith(
      'none.safetensors',
      safetensorsFile([
        ['a', [2], [1, 2]],
        ['b', [2], [1, 2]],
      ]),
    );
    expect(await doctor(file)).toEqual({ status: 0, found: [] });
    expect((await runCli(['doctor', file])).out).toMatch(/no batch-norm layers to examine/);
  });
});

describe('doctor on several checkpoints', () => {
  const moved = { running_mean: [1, 2, -3, 5] };

  it('finds the frozen layer whose statistics moved, beside the file before', async () => {
    const files = [
      checkpoint('step1.safetensors', layer('a', counted(9000)), layer('b', counted(9000))),
      checkpoint(
        'step2.safetensors',
        layer('a', { ...counted(9100), ...moved }),
        layer('b', counted(9000)),
      ),
    ];
    const { found } = await doctor(...files);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      id: 'frozen-moved',
      layer: 'a',
      channels: [3],
      file: files[1],
    });
    expect(found[0]?.message).toMatch(/over 100 more batches/);
    // A layer that trained is not frozen.
    const trained = checkpoint(
      'step3.safetensors',
      layer('a', { ...counted(9200), ...moved, bias: [0, 1, -1, 0.6] }),
      layer('b', counted(9000)),
    );
    expect((await doctor(files[0] ?? '', trained)).found).toEqual([]);
  });

  it('pools what ranks of one step have', async () => {
    const files = [
      checkpoint('a.safetensors', layer('a', counted(9000))),
      checkpoint('b.safetensors', layer('a', { ...counted(9000), ...moved })),
    ];
    const { found } = await doctor(...files);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      id: 'ranks-differ',
      file: files[0],
      evidence: { channel: 3, pooledMean: 4.5, pooledVariance: 4.25, averageOfVariances: 4 },
    });
    // Without counts, names tell.
    const named = [
      checkpoint('rank0.safetensors', layer('a')),
      checkpoint('rank1.safetensors', layer('a', moved)),
    ];
    expect((await doctor(...named)).found.map(({ id }) => id)).toContain('ranks-differ');
  });

  it('says which layers cannot be set beside each other', async () => {
    const narrow = {
      weight: [1],
      bias: [0.5],
      running_mean: [1],
      running_var: [2],
      ...counted(9000),
    };
    const files = [
      checkpoint('wide.safetensors', layer('a', counted(9000)), layer('b', counted(9000))),
      checkpoint('narrow.safetensors', layer('a', narrow), layer('c', counted(9000))),
    ];
    const { found } = await doctor(...files);
    expect(found.map(({ id, layer: name }) => `${id} ${name}`)).toContain('layer-unpaired a');
    expect(found[0]?.message).toMatch(/It has 1 channels, and had 4 in/);
  });
});

describe('doctor on a recording', () => {
  const line = (step: number, mean: number, variance: number | string): string =>
    JSON.stringify({
      step,
      layer: 'bn1',
      convention: 'pytorch',
      n: 64,
      batchMean: [2, 3, -1, 5],
      batchVariance: [1, 2, 3, 4],
      movingMean: [2 * mean, 3 * mean, -mean, 5 * mean],
      movingVariance: [variance, variance, variance, variance],
    });

  it('says at which step statistics stopped being finite', async () => {
    const text = [line(0, 0.1, 1), line(1, 0.19, 1), line(2, 0.27, 'NaN'), line(3, 0.34, 'NaN')];
    const { status, found } = await doctor(fileWith('run.jsonl', text.join('\n')));
    expect(status).toBe(1);
    expect(found[0]).toMatchObject({
      id: 'non-finite-statistics',
      layer: 'bn1',
      evidence: { firstStep: 2 },
    });
  });

  it('measures the momentum, and how far the statistics have come', async () => {
    // Each step takes in a tenth of the batch, as momentum 0.1 does.
    const text = [0, 1, 2, 3].map(k => line(k, 1 - 0.9 ** (k + 1), 1.5));
    const { found } = await doctor(fileWith('slow.jsonl', text.join('\n')));
    expect(found.find(({ id }) => id === 'few-updates')?.evidence).toMatchObject({ updates: 4 });
    // Nine tenths: what 0.9 means in PyTorch, and 0.1 in the others.
    const fast = [0, 1, 2, 3].map(k => line(k, 1 - 0.1 ** (k + 1), 1.5));
    const turned = await doctor(fileWith('fast.jsonl', fast.join('\n')));
    expect(turned.found.find(({ id }) => id === 'momentum-meaning')?.evidence).toMatchObject({
      momentum: 0.9,
    });
  });

  it('counts the lines that it could not read', async () => {
    const { status, found } = await doctor(
      fileWith('torn.jsonl', [line(0, 1, 2), '{"step":', line(2, 1, 2)].join('\n')),
    );
    expect(status).toBe(1);
    expect(found[0]).toMatchObject({ id: 'unreadable', layer: null });
    expect(found[0]?.message).toMatch(
      /^One line was left out of the recording; line 2: it is not JSON/,
    );
  });

  it('reads one from standard input', async () => {
    const { out, status } = await runCli(
      ['doctor', '-', '--json'],
      [line(0, 1, 2), line(1, 1, 'Infinity')].join('\n'),
    );
    expect(status).toBe(1);
    expect(out).toContain('"non-finite-statistics"');
  });
});

/** What is true of real checkpoints that are used every day: notes, and channels that quantisation or training left at 0. */
const healthy: Readonly<Record<string, readonly string[]>> = {
  'ultraface/version-slim-320.pth': ['dead-gamma', 'epsilon-matters', 'tiny-moving-variance'],
  'ultraface/version-RFB-320.pth': ['epsilon-matters'],
  'ultraface/version-slim-320.onnx': ['dead-gamma', 'epsilon-matters', 'tiny-moving-variance'],
  'ultraface/version-slim-320_without_postprocessing.onnx': [
    'dead-gamma',
    'epsilon-matters',
    'tiny-moving-variance',
  ],
  'ultraface/version-slim-320_without_postprocessing.tflite': [],
  'ultraface/tf_slim/variables.index': ['dead-gamma', 'epsilon-matters', 'tiny-moving-variance'],
  // 22 of 17,056 variances are exactly 0 after dequantisation.
  'nsfwjs/model.json': ['epsilon-matters', 'tiny-moving-variance', 'zero-moving-variance'],
  'mlperf-tiny/str_ww_ref_model.h5': ['epsilon-matters'],
  // Channels that died in training: their variance has underflowed to 0.
  'mlperf-tiny/vww_96.h5': [
    'dead-gamma',
    'epsilon-matters',
    'tiny-moving-variance',
    'zero-moving-variance',
  ],
  'silero/silero_vad_16k.safetensors': [],
  'silero/silero_vad.jit': [],
  'generated/bn.onnx': [],
  'generated/bn_ext.onnx': [],
  'generated/k3.keras': [],
  'generated/k3.h5': [],
};

const allowed = new Set(['zero-moving-variance']);

describe.runIf(hasSamples)('the healthy checkpoints of the samples', () => {
  it.each(Object.entries(healthy))('%s has only %j', async (name, ids) => {
    const file = path.join(samples, name);
    expect(existsSync(file)).toBe(true);
    const { status, found } = await doctor(file);
    expect(status).toBe(0);
    expect([...new Set(found.map(({ id }) => id))].sort()).toEqual(ids);
    // All but a variance of exactly 0 are notes.
    for (const { id, severity } of found) if (!allowed.has(id)) expect(severity).toBe('note');
    for (const { id } of found) expect(findingIds.some(known => known === id)).toBe(true);
  });
});
