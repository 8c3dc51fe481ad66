import type { Statement } from '../../../src/core/batchnorm/statement';
import { fail, ok, type Result } from '../../../src/core/problem';
import type { FileContents, FileLayer } from '../../../src/host/files/fileEngine';
import type { ListedLayer, ListedTensor } from '../../../src/protocol/tensorFile';

/** A tensor file as the page is shown it. */
export interface FileScenario {
  readonly list: () => Result<FileContents>;
  readonly layer: (name: string) => Result<FileLayer>;
  /** Milliseconds that reading a layer takes. */
  readonly pace: number;
}

const tensor = (name: string, shape: readonly number[], dtype = 'float32'): ListedTensor => {
  const bytes = shape.reduce((product, size) => product * size, dtype === 'float16' ? 2 : 4);
  return { name, shape, dtype, bytes };
};

function layer(name: string, channels: number): ListedLayer {
  return {
    name,
    channels,
    convention: 'PyTorch',
    parameters: {
      gamma: `${name}.weight`,
      beta: `${name}.bias`,
      movingMean: `${name}.running_mean`,
      movingVariance: `${name}.running_var`,
    },
    stated: ['epsilon 1e-5', 'momentum 0.1'],
    notes: [],
  };
}

/** A residual network: four stages of two blocks of two convolutions, each with its batch norm. */
function resnet(blocks: number): FileContents {
  const layers: ListedLayer[] = [layer('model.bn1', 64)];
  const tensors: ListedTensor[] = [tensor('model.conv1.weight', [64, 3, 7, 7])];
  const own = (of: ListedLayer): ListedTensor[] => [
    ...Object.values(of.parameters).map(name => tensor(name, [of.channels])),
    tensor(`${of.name}.num_batches_tracked`, [], 'int64'),
  ];
  tensors.push(...own(layer('model.bn1', 64)));
  for (let stage = 1; stage <= 4; stage++) {
    const width = 32 << stage;
    for (let block = 0; block < blocks; block++) {
      for (const part of [1, 2]) {
        const path = `model.layer${stage}.${block}`;
        const norm = layer(`${path}.bn${part}`, width);
        layers.push(norm);
        tensors.push(tensor(`${path}.conv${part}.weight`, [width, width, 3, 3]), ...own(norm));
      }
    }
  }
  tensors.push(tensor('model.fc.weight', [1000, 512], 'float16'), tensor('model.fc.bias', [1000]));
  return {
    format: 'PyTorch checkpoint',
    bytes: 46_827_520,
    tensors,
    layers,
    notes: ['It refers to posix.system, which a loader would run; nothing was executed.'],
    beside: [],
  };
}

/** Most are sound; some are of each kind of sick. */
function parameters(name: string, channels: number): Statement['parameters'] {
  const each = (make: (c: number) => number): Float64Array =>
    Float64Array.from({ length: channels }, (_, c) => make(c));
  const sick = /layer2.*bn2/.test(name) ? -0.5 : /layer3.1.bn1/.test(name) ? 0 : 1;
  const fresh = name.includes('layer4');
  return {
    gamma: each(c => (name.endsWith('bn1') && name.includes('layer1') && c === 3 ? 0 : 1)),
    beta: each(() => 0),
    movingMean: each(c => (fresh ? 0 : Math.sin(c + 1))),
    movingVariance: each(c => (fresh ? 1 : c === 5 ? sick : 1 + (c % 7) / 4)),
  };
}

function scenario(contents: FileContents, shift = 0, pace = 1): FileScenario {
  return {
    pace,
    list: () => ok(contents),
    layer: name => {
      const found = contents.layers.find(of => of.name === name);
      if (!found) return fail('item-missing', `There is no layer ${name}.`);
      const { channels } = found;
      const own = parameters(name, channels);
      const movingMean = own.movingMean?.map(x => x + (name.includes('layer1') ? shift : 0));
      const statement = {
        convention: 'pytorch',
        parameters: { ...own, ...(movingMean && { movingMean }) },
      };
      return ok({ statement, channels, notes: [], beside: [] });
    },
  };
}

const network = resnet(2);
const grown: FileContents = {
  ...network,
  tensors: [...network.tensors, tensor('ema.decay', [])].map(of =>
    of.name === 'model.fc.bias' ? tensor('model.fc.bias', [1001]) : of,
  ),
};

const refused = (code: string, message: string): FileScenario => ({
  pace: 0,
  list: () => fail(code, message),
  layer: () => fail(code, message),
});

/** What the page is shown, by the name in its address. */
export const fileScenarios: Readonly<Record<string, FileScenario>> = {
  seed: scenario(network),
  slow: scenario(network, 0, 400),
  grown: scenario(grown, 0.25),
  many: scenario({
    ...network,
    notes: [],
    layers: [],
    tensors: Array.from({ length: 30_000 }, (_, i) =>
      tensor(
        `transformer.layers.${Math.floor(i / 10)}.part${i % 10}.weight`,
        [768, 768],
        'bfloat16',
      ),
    ),
  }),
  partial: scenario({
    format: 'GGUF model',
    bytes: 4_661_211_808,
    notes: ['Tensors of quantised types are listed; their values are not read.'],
    beside: [],
    layers: [],
    tensors: [
      {
        ...tensor('blk.0.attn_q.weight', [4096, 4096], 'Q4_K'),
        unreadable: 'Q4_K is a quantised type',
      },
      {
        ...tensor('blk.0.ffn_up.weight', [4096, 14336], 'Q4_K'),
        unreadable: 'Q4_K is a quantised type',
      },
      tensor('blk.0.attn_norm.weight', [4096]),
      tensor('output_norm.weight', [4096]),
    ],
  }),
  nothing: scenario({
    format: 'safetensors',
    bytes: 8,
    notes: [],
    layers: [],
    tensors: [],
    beside: [],
  }),
  cut: refused(
    'range-outside-file',
    'model.pt: it refers to 4096 bytes at byte 128000, and has 65536 bytes: it is cut short or damaged.',
  ),
};
