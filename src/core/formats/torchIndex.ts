import { shardedIndex } from './shardedIndex';
import { torch } from './torch';

/** The index of a checkpoint in several files of PyTorch: `pytorch_model.bin.index.json`. */
export const torchIndex = shardedIndex({
  id: 'torch-index',
  name: 'sharded PyTorch checkpoint',
  extension: '.bin.index.json',
  open: torch.open,
});
