import { afterAll, expect } from 'vitest';
import { threadMemory } from '../../../src/engine/memory/engineMemory';
import { describeCells } from './cellsSuite';
import { describeCompare } from './compareSuite';
import { describeEngine } from './engineSuite';

describeEngine();
describeCells();
describeCompare();

afterAll(() => expect(threadMemory()?.used).toBe(0));
