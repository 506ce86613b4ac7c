import { describe, expect, test } from 'vitest';
import { sitesOf } from '../src/blame';
import { stepChange } from '../src/compare';
import { History } from '../src/history';
import { EVENTS, VERSION } from '../src/schema';
import { sentence } from '../src/sentence';
import { stepsOf } from '../src/steps';
import { Malformed, parseLine, parseProgramLine, parseTrace } from '../src/trace';
import { randomTrace } from './python';

/** => numbers from 0 to 1, the same for the same SEED */
function random(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

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
		['@1 2 3 readonly va=0x100000000', 'not a number of 32 bits'],
		['@1 2 3 snapshot part=begin at=0x100000000', 'too much'],
		['@1 2 3 dropped n=-1', 'not a number of 32 bits'],
		['@1 2 3 dropped n=4294967296', 'not a number of 32 bits'],
		['@12345678901 2 3 space', 'not a line of a trace'],
		['@1 0 0 hello version=99 page=4096 frames=64 slots=8 limit=0 policy=clock mhz=1 classes=all', 'version 99 of the schema; this page knows'],
		[`@1 0 0 hello version=${VERSION} page=4096 frames=4294967295 slots=8 limit=0 policy=clock mhz=1 classes=all`, 'there is no such machine'],
		['@1 2 3 readonly va=0x1000 more=1', 'too much: more=1'],
		['@1 2 3 fault va=0x1000 access=jump row=copy major=0 result=ok', 'access=jump: not one of read|write'],
	])('%s is refused', (line, why) => {
		expect(() => parseLine(line)).toThrow(Malformed);
		expect(() => parseLine(line)).toThrow(why);
		expect(parseTrace(line + '\n').malformed[0]!.text.length).toBeLessThan(300);
	});

	test('of ten million characters is refused', () => {
		const { events, malformed } = parseTrace('@1 2 3 user line=' + 'x'.repeat(1e7) + '\n@2 2 3 space\n');
		expect([events.length, malformed.length]).toEqual([1, 1]);
		expect(malformed[0]!.text.length).toBeLessThan(300);
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

	test('that goes back, or begins twice, keeps its first part', () => {
		const { events, malformed } = parseTrace('@1 2 4 space\n@9 2 5 space\n@8 2 6 space\n@1 2 4 space\n@10 2 7 space');
		expect(events.map((e) => e.seq)).toEqual([1, 9, 10]);
		expect(malformed.map((m) => m.text)[0]).toContain('line 3: @8 follows @9');
	});

	test.each([1, 2, 3])('with random damage (seed %i) is read, followed and shown to its end', (seed) => {
		const dice = random(seed), lines = randomTrace(seed, 400).split('\n'), pick = <T>(list: readonly T[]) => list[Math.floor(dice() * list.length)]!;
		for (let i = 0; i < 40; i++) {
			const at = Math.floor(dice() * lines.length), line = lines[at]!, place = Math.floor(dice() * line.length);
			lines[at] = pick([line.slice(0, place), line + line, pick(lines), line.slice(0, place) + '\0\uFFFD' + line.slice(place + 1),
				line.replace(/\d+/g, (n) => (dice() < 0.2 ? pick(['-1', '0', '4294967295', '9'.repeat(30), 'x']) : n)), '']);
		}
		const { events, malformed } = parseTrace(lines.join('\n'));
		expect(malformed.length).toBeGreaterThan(0);
		const history = new History(events);
		const { start } = stepsOf(events);
		for (let index = 0; index <= history.last; index += 19) {
			const state = history.at(index), from = Math.min(start[index]!, index), event = events[index]!;
			const view = { state, before: history.at(Math.max(from - 1, 0)), event, from, index, task: 1, history, data: { title: '', trace: '', sites: {}, sources: {} } };
			const changed = { ...view, change: stepChange(view) };
			expect(sentence(changed, 'en').length + sitesOf(changed).length).toBeGreaterThan(0);
		}
	});

	test('loses only what is damaged', () => {
		const { events, malformed } = parseTrace('@1 2 0 snapshot part=begin\n@2 2 0 snapsh\n@3 2 0 snapshot part=end\n');
		expect(events.map((e) => e.seq)).toEqual([1, 3]);
		expect(malformed[0]!.line).toBe(2);
	});
});
