import { describe, expect, it } from 'vitest';
import { TakenAnswers } from '../../../../src/host/debug/takenAnswers';

const session = {};
const long = 'b' + 'A'.repeat(1 << 16);

function request(seq: number, expression: string): Record<string, unknown> {
  return { type: 'request', command: 'evaluate', seq, arguments: { expression } };
}

function response(seq: number, result: string): { body: { result: string } } {
  return { type: 'response', command: 'evaluate', request_seq: seq, body: { result } } as never;
}

function pass(answers: TakenAnswers, seq: number, result: string): string {
  const message = response(seq, result);
  answers.answered(session, message);
  return message.body.result;
}

describe('answers of debug adapters', () => {
  it('that are expected are taken out of their messages', () => {
    const answers = new TakenAnswers();
    const [a, b] = [answers.expect(session, 'a'), answers.expect(session, 'b')];
    answers.asked(session, request(7, 'b'));
    answers.asked(session, request(8, 'a'));
    expect(pass(answers, 7, long)).toBe('');
    expect(b.taken).toBe(long);
    expect(a.taken).toBeUndefined();
    expect(pass(answers, 8, `${long}1`)).toBe('');
    expect(a.taken).toBe(`${long}1`);
  });

  it('to the same question asked twice are told apart', () => {
    const answers = new TakenAnswers();
    const [first, second] = [answers.expect(session, 'a'), answers.expect(session, 'a')];
    answers.asked(session, request(1, 'a'));
    answers.asked(session, request(2, 'a'));
    pass(answers, 2, `${long}2`);
    pass(answers, 1, `${long}1`);
    expect(first.taken).toBe(`${long}1`);
    expect(second.taken).toBe(`${long}2`);
  });

  it('that nobody of Normscope asked for pass unaltered', () => {
    const answers = new TakenAnswers();
    const expected = answers.expect(session, 'a');
    answers.asked({}, request(3, 'a'));
    answers.asked(session, request(4, 'another'));
    expect(pass(answers, 3, long)).toBe(long);
    expect(pass(answers, 4, long)).toBe(long);
    answers.asked(session, request(5, 'a'));
    expect(pass(answers, 5, 'short')).toBe('short');
    expected.dispose();
    expect(pass(answers, 5, long)).toBe(long);
    expect(expected.taken).toBeUndefined();
  });
});
