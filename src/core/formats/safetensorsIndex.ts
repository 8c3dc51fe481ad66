import { safetensors } from './safetensors';
import { shardedIndex } from './shardedIndex';

/** The index of a checkpoint in several safetensors files. */
export const safetensorsIndex = shardedIndex({
  id: 'safetensors-index',
  name: 'sharded safetensors',
  extension: '.safetensors.index.json',
  open: safetensors.open,
});
