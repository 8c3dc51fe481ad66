import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Debouncer,
  DisposableStore,
  eitherAborts,
  Emitter,
  Throttle,
} from '../../../src/host/lifecycle';

describe('a store of disposables', () => {
  it('lets go of everything once, last first', () => {
    const gone: number[] = [];
    const store = new DisposableStore();
    for (const k of [1, 2, 3]) store.onDispose(() => gone.push(k));
    store.dispose();
    store.dispose();
    expect(gone).toEqual([3, 2, 1]);
  });

  it('lets go at once of what comes too late', () => {
    const store = new DisposableStore();
    store.dispose();
    const dispose = vi.fn();
    store.add({ dispose });
    expect(dispose).toHaveBeenCalledOnce();
  });
});

describe('an emitter', () => {
  it('tells who listens, until they stop', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    const listen = (text: string): void => {
      heard.push(text);
    };
    const first = emitter.on(listen);
    emitter.on(listen);
    emitter.fire('a');
    first.dispose();
    emitter.fire('b');
    emitter.dispose();
    emitter.fire('c');
    expect(heard).toEqual(['a', 'a', 'b']);
  });
});

describe('a debouncer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('acts once, after the last of a burst', () => {
    const act = vi.fn();
    const debouncer = new Debouncer(act);
    for (let k = 0; k < 5; k++) {
      debouncer.run(100);
      vi.advanceTimersByTime(60);
    }
    expect(act).not.toHaveBeenCalled();
    vi.advanceTimersByTime(40);
    expect(act).toHaveBeenCalledOnce();
    debouncer.run(100);
    debouncer.dispose();
    vi.advanceTimersByTime(1000);
    expect(act).toHaveBeenCalledOnce();
  });
});

describe('a throttle', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('acts at once, then once in every interval, and for the last run too', () => {
    const act = vi.fn();
    const throttle = new Throttle(act, 100);
    throttle.run();
    expect(act).toHaveBeenCalledTimes(1);
    throttle.run();
    throttle.run();
    expect(act).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(100);
    expect(act).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1000);
    expect(act).toHaveBeenCalledTimes(2);
    throttle.run();
    expect(act).toHaveBeenCalledTimes(3);
  });

  it('forgets what is pending when it is disposed', () => {
    const act = vi.fn();
    const throttle = new Throttle(act, 100);
    throttle.run();
    throttle.run();
    throttle.dispose();
    vi.advanceTimersByTime(1000);
    expect(act).toHaveBeenCalledTimes(1);
  });
});

describe('a signal of two', () => {
  it.each([0, 1])('aborts with either', which => {
    const controllers = [new AbortController(), new AbortController()] as const;
    const both = eitherAborts(controllers[0].signal, controllers[1].signal);
    expect(both.aborted).toBe(false);
    controllers[which === 0 ? 0 : 1].abort();
    expect(both.aborted).toBe(true);
  });

  it('is aborted from the start where one is', () => {
    expect(eitherAborts(AbortSignal.abort(), new AbortController().signal).aborted).toBe(true);
  });
});
