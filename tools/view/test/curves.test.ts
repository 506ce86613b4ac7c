// What the curves draw: levels, faults by row, the working set; two recordings in step; round numbers on the axes.
import { expect, test } from 'vitest';
import { ticksTo } from '../src/axis';
import { History } from '../src/history';
import { seriesOf } from '../src/series';
import { parseTrace } from '../src/trace';
import { apart, difference, inStep, numbersOf, rising, sameTask } from '../src/versus';

const START = ['0 hello version=3 page=4096 frames=64 slots=16 limit=8 policy=clock mhz=1 classes=all', '0 snapshot part=begin', '6 space',
	'0 framealloc frame=1 order=0 state=anon', '0 page page=0xc0001 frame=1', '6 private va=0x8001000 page=0xc0001',
	'6 map va=0x8001000 frame=1 writable=1', '0 snapshot part=end'];
const fault = (page: number, row = 'zero_fill', major = 0) =>
	[`6 trap va=0x800${page}010 error=0x6 ip=0x8000000`, `6 fault va=0x800${page}010 access=write row=${row} major=${major} result=ok`];

function recording(lines: string[], policy = 'clock'): History {
	const { events, malformed } = parseTrace([...START, ...lines].map((line, i) => `@${i + 1} ${i + 1} ${line}`).join('\n').replace('policy=clock', `policy=${policy}`));
	expect(malformed).toEqual([]);
	return new History(events);
}

test('the curves return to zero', () => {
	const history = recording([...fault(8), '6 map va=0x8008000 frame=9 writable=1', '6 unmap va=0x8008000 frame=9', '6 unmap va=0x8001000 frame=1',
		'0 slotalloc slot=1 page=0xc0001', '0 slotfree slot=1']);
	for (const per of [1, 3, 100]) {
		const { resident, slots } = seriesOf(history, 6, { per, window: 5 });
		expect([resident.at(-1), slots.at(-1)]).toEqual([0, 0]);
	}
	expect(seriesOf(history, 6, { per: 100, window: 5, last: history.last - 1 }).slots[0]).toBe(1);
});

test('the working set has pages with a fault, and pages with an accessed bit that was seen, for as long as the window', () => {
	const look = (accessed: number) => `0 look frame=1 accessed=${accessed} dirty=0 verdict=passed`;
	const history = recording([look(0), look(1), ...fault(8), ...fault(9), '6 exit pages=0']);
	const { working } = seriesOf(history, 6, { per: 1, window: 4 });
	expect([...working]).toEqual([0, 0, 1, 1, 2, 2, 2, 0]); // snapshot, look, look, trap, fault, trap, fault (the look is 4 events ago), exit
	expect(seriesOf(history, 7, { per: 1, window: 4 }).working.some((n) => n)).toBe(false);
});

test('a snapshot in the middle is no traffic, and forgets no touch', () => {
	const again = ['0 snapshot part=begin', '6 space', '0 slotalloc slot=1 page=0xc0001', '0 snapshot part=end'];
	const { written, working, resident } = seriesOf(recording([...fault(8), ...again]), 6, { per: 100, window: 100 });
	expect([written[0], working[0], resident[0]]).toEqual([0, 1, 0]);
});

test('two recordings are in step where a task touches the same page first', () => {
	const name = '6 exec from=6 name=/bin/a', late = Array.from({ length: 10 }, () => fault(7, 'private', 1)).flat();
	const one = recording([name, ...fault(7), ...fault(8), ...fault(9)]), two = recording([name, ...fault(7), ...late, ...fault(8), ...fault(9)], 'fifo');
	const follow = inStep(one, two), at = (history: History, page: string) => history.events.findIndex((e) => e.name === 'fault' && e.values.va === parseInt(page, 16));
	for (const page of ['8007010', '8008010', '8009010'])
		expect(follow(at(one, page))).toBe(at(two, page));
	expect([follow(one.first), follow(one.last)]).toEqual([two.first, two.last]);
	expect(sameTask(two, 3, '/bin/a')).toBe(6);
	const names = apart(one.machine, two.machine, ['', ''], 'en');
	expect(names).toEqual(['clock', 'fifo']);
	expect(difference(numbersOf(one), numbersOf(two), names, 'en')).toMatch(/^fifo: 13 page faults, 333 % more than clock \(3\)\. Waited for a disk: 10 \(clock: 0\)\./);
});

test('the longest rising row', () => {
	const values = [5, 1, 2, 9, 3, 4, 0, 6];
	expect(rising(values.map((b, a) => [a, b] as const)).map(([, b]) => b)).toEqual([1, 2, 3, 4, 6]);
	expect(rising([])).toEqual([]);
});

test('an axis has round numbers, as many as there is room for', () => {
	expect([ticksTo(48, 4), ticksTo(9, 1), ticksTo(1, 3), ticksTo(26, 2)]).toEqual([[0, 20, 40], [0, 5], [0, 1], [0, 20]]);
});
