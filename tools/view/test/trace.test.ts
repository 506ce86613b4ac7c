import { describe, expect, test } from 'vitest';
import { EVENTS } from '../src/schema';
import { Malformed, parseLine, parseProgramLine, parseTrace } from '../src/trace';
import { randomTrace } from './python';

describe('a line', () => {
	test('has its fields as numbers and words', () => {
		const event = parseLine('@207 345037 4 fault va=0x804f000 access=write row=copy major=0 result=ok at=0xc0107a00', 3);
		expect(event).toMatchObject({ seq: 207, cycles: 345037, label: 4, name: 'fault', at: 0xc0107a00, line: 3,
			values: { va: 0x804f000, access: 'write', row: 'copy', major: 0, result: 'ok' } });
	});

	test('may have its place before a text', () => {
		expect(parseLine('@1 2 3 user at=0x10 line=at=0x20 is text')).toMatchObject({ at: 0x10, values: { line: 'at=0x20 is text' } });
		expect(parseLine('@1 2 3 user line=plain').at).toBe(0);
	});

	test.each([
		['nonsense', 'not a line of a trace'],
		['@1 2 3 nosuch', 'the event nosuch is not in tools/trace.schema'],
		['@1 2 3 constructor', 'the event constructor is not in tools/trace.schema'],
		['@1 2 3 readonly', 'va= is missing'],
		['@1 2 3 readonly va=0x', 'not a number'],
		['@1 2 3 readonly va=0x1000 more=1', 'too much: more=1'],
		['@1 2 3 fault va=0x1000 access=jump row=copy major=0 result=ok', 'access=jump: not one of read|write'],
	])('%s is refused', (line, why) => {
		expect(() => parseLine(line)).toThrow(Malformed);
		expect(() => parseLine(line)).toThrow(why);
	});

	test('of a program is known or not', () => {
		expect(parseProgramLine('heap free at=0x804c010 size=24')).toEqual({ name: 'heap free', values: { at: 0x804c010, size: 24 } });
		expect(parseProgramLine('heap free at=x')).toBeNull();
		expect(parseProgramLine('hello world')).toBeNull();
	});
});

describe('a recording', () => {
	test('is read as a whole', () => {
		const { events, malformed } = parseTrace(randomTrace(1, 2000));
		expect(malformed).toEqual([]);
		expect(events.length).toBe(2000);
		expect(new Set(events.map((e) => e.name)).size).toBe(Object.keys(EVENTS).length);
	});

	test('loses only what is damaged', () => {
		const { events, malformed } = parseTrace('@1 2 0 snapshot part=begin\n@2 2 0 snapsh\n@3 2 0 snapshot part=end\n');
		expect(events.map((e) => e.seq)).toEqual([1, 3]);
		expect(malformed[0]!.line).toBe(2);
	});
});
