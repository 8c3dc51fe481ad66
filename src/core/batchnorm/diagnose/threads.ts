/** Repositories that a source names by their last part alone. */
const owners: Readonly<Record<string, string>> = {
  pytorch: 'pytorch/pytorch',
  tensorflow: 'tensorflow/tensorflow',
  keras: 'keras-team/keras',
  tfjs: 'tensorflow/tfjs',
  flax: 'google/flax',
  mxnet: 'apache/mxnet',
  fastai: 'fastai/fastai',
};

/** A thread that a finding comes from. */
export interface Thread {
  /** As the source names it: `pytorch#5406`. */
  readonly name: string;
  /** GitHub leads from an issue's address to the pull request of that number. */
  readonly url: string;
}

/** The threads named in a finding's source. A repository whose owner is not known has no link. */
export function threadsOf(source: string): Thread[] {
  return [...source.matchAll(/([\w.-]+\/)?([\w.-]+)#(\d+)/g)].flatMap(
    ([name, owner, last = '', number = '']) => {
      const repository = owner === undefined ? owners[last] : `${owner}${last}`;
      return repository === undefined
        ? []
        : [{ name, url: `https://github.com/${repository}/issues/${number}` }];
    },
  );
}
