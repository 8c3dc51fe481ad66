/** A tensor of the table, in the order of its elements. */
export interface Case {
  readonly name: string;
  /** One word: what children know it by. */
  readonly key: string;
  readonly shape: readonly number[];
  readonly axis: number;
  /** What the issue asks for, as shares of PyTorch's time. */
  readonly asked: Readonly<Partial<Record<Mode, number>>>;
}

export type Mode = 'inference' | 'training';

export const modes: readonly Mode[] = ['inference', 'training'];

export const cases: readonly Case[] = [
  {
    name: '[32,56,56,64] channels last',
    key: 'last',
    shape: [32, 56, 56, 64],
    axis: 3,
    asked: { inference: 1.15, training: 1.1 },
  },
  {
    name: '[32,64,56,56] channels first',
    key: 'first',
    shape: [32, 64, 56, 56],
    axis: 1,
    asked: { training: 0.35 },
  },
  {
    name: '[64,112,112,64] channels last',
    key: 'large',
    shape: [64, 112, 112, 64],
    axis: 3,
    asked: { inference: 1.2, training: 1.2 },
  },
  {
    name: '[8192,1024]',
    key: 'wide',
    shape: [8192, 1024],
    axis: 1,
    asked: { inference: 1.2, training: 1.2 },
  },
];

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
