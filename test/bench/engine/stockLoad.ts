// Loads tfjs as it comes, and prints the milliseconds that takes.
async function main(): Promise<void> {
  const start = performance.now();
  const tf = await import('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  tf.tensor([1, 2, 3, 4], [2, 2]).dispose();
  console.log(performance.now() - start);
}

void main();
