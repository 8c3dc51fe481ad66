import type { FileState } from '../../protocol/tensorFile';

/** What a list of open files says of one, in a few words. */
export interface FileSummary {
  readonly description: string;
  /** What is wrong with it; empty where nothing is. */
  readonly problem: string;
  /** Whether what it held when it could last be read is still shown. */
  readonly isListed: boolean;
}

export function summarizeFile(state: FileState): FileSummary {
  switch (state.kind) {
    case 'loading':
      return { description: 'not listed yet', problem: '', isListed: false };
    case 'failed':
      return { description: 'cannot be listed', problem: state.problem.message, isListed: false };
    case 'ready': {
      const { tensors, layers, banner } = state.view;
      const counts = [counted(tensors, 'tensor'), counted(layers, 'batch norm')].join(', ');
      const now = { writing: ' · being written', broken: ' · cannot be read now' };
      return {
        description: banner ? counts + now[banner.kind] : counts,
        problem: banner?.kind === 'broken' ? banner.problem.message : '',
        isListed: true,
      };
    }
  }
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
}
