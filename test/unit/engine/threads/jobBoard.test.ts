import { describe, expect, it } from 'vitest';
import type { KernelCalls } from '../../../../src/engine/kernels/pass';
import { engineHolder, firstHelper, JobBoard } from '../../../../src/engine/threads/jobBoard';

const calls: KernelCalls = {
  kernel: 'addRows',
  list: [
    [1, 2, 3],
    [2 ** 31 + 8, 5, 6],
    [7, 8, 9],
  ],
};

describe('the job board', () => {
  it('gives each call to one thread', () => {
    const board = new JobBoard();
    const other = new JobBoard(board.buffer);
    const none = board.current();
    expect(board.take(none, 0, engineHolder)).toBe(-1);
    const job = board.open(calls, 16);
    expect(board.take(none, 0, engineHolder)).toBe(-1);
    expect(other.current()).toBe(job);
    expect(other.pages()).toBe(16);
    expect(other.take(job, 0, firstHelper)).toBe(0);
    expect(board.take(job, 0, engineHolder)).toBe(1);
    expect(other.take(job, 1, firstHelper + 1)).toBe(2);
    expect(board.take(job, 0, engineHolder)).toBe(-1);
    expect(board.holders()).toEqual(new Set([firstHelper, firstHelper + 1]));
    expect(board.isHeld()).toBe(true);
    other.end(job, 0, firstHelper);
    other.end(job, 2, firstHelper + 1);
    expect([board.isHeld(), board.isDone()]).toEqual([false, false]);
    board.end(job, 1, engineHolder);
    expect(board.isDone()).toBe(true);
    expect(board.ended()).toBe(3);
  });

  it('says what a call is; addresses beyond 2³¹ are the same bits', () => {
    const board = new JobBoard();
    board.open(calls, 16);
    const { kernel, call } = new JobBoard(board.buffer).call(1);
    expect(kernel).toBe('addRows');
    expect(call.map(value => value >>> 0)).toEqual(calls.list[1]);
  });

  it('gives nothing of a job to a thread that comes late with the number of another', () => {
    const board = new JobBoard();
    const first = board.open(calls, 16);
    for (const index of [0, 1, 2]) {
      board.take(first, 0, engineHolder);
      board.end(first, index, engineHolder);
    }
    const second = board.open(calls, 16);
    expect(second).not.toBe(first);
    expect(board.take(first, 0, firstHelper)).toBe(-1);
    expect(board.take(second, 0, firstHelper)).toBe(0);
    board.end(first, 0, firstHelper);
    expect(board.isHeld()).toBe(true);
  });

  it('takes back what a lost helper had, and lets nobody take what is withdrawn', () => {
    const board = new JobBoard();
    const job = board.open(calls, 16);
    board.take(job, 0, firstHelper);
    board.withdraw(job);
    expect(board.take(job, 0, engineHolder)).toBe(-1);
    board.release(job, firstHelper);
    // Late, and no longer its own.
    board.end(job, 0, firstHelper);
    expect(board.isDone()).toBe(false);
    expect(board.take(job, 0, engineHolder)).toBe(0);
    expect(board.isHeld()).toBe(false);
  });

  it('counts jobs round and round without ever being at none', () => {
    const board = new JobBoard();
    new Int32Array(board.buffer)[0] = 0xfffffe;
    expect(board.open(calls, 16)).toBe(0xffffff);
    expect(board.take(0xffffff, 0, firstHelper)).toBe(0);
    board.end(0xffffff, 0, firstHelper);
    expect(board.open(calls, 16)).toBe(1);
    expect(board.take(0xffffff, 0, firstHelper)).toBe(-1);
  });

  it('holds no job that is too large', () => {
    const list = (length: number, width: number): KernelCalls => ({
      kernel: 'addRows',
      list: Array.from({ length }, () => new Array<number>(width).fill(1)),
    });
    expect(JobBoard.holds(list(256, 10))).toBe(true);
    expect(JobBoard.holds(list(257, 10))).toBe(false);
    expect(JobBoard.holds(list(1, 11))).toBe(false);
  });
});
