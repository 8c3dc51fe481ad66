// tfjs as users know it, answering lines: see lineChild.ts.
import * as tf from '@tensorflow/tfjs';
import { answerLines } from './answerLines';

/** The batch norm of a training step as tfjs's users write it. @returns milliseconds a call */
function small(calls: number): number {
  const x = tf.tensor(
    Float32Array.from({ length: 16 }, (_, i) => Math.sin(i)),
    [1, 2, 2, 4],
  );
  const [gamma, beta] = [tf.ones([4]), tf.zeros([4])];
  let sum = 0;
  const start = performance.now();
  for (let call = 0; call < calls; call++) {
    tf.tidy(() => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const y = tf.batchNorm(x, mean, variance, beta, gamma, 1e-5);
      sum += y.dataSync()[0] as number;
    });
  }
  const took = (performance.now() - start) / calls;
  tf.dispose([x, gamma, beta]);
  if (Number.isNaN(sum)) throw new Error('tfjs computed no number');
  return took;
}

async function main(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  await answerLines(([, calls]) => small(Number(calls)));
}

void main();
