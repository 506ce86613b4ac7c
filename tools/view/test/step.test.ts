// What belongs to a step: only what its own thread did.
import { expect, test } from 'vitest';
import { sitesOf } from '../src/blame';
import { stepChange } from '../src/compare';
import { History } from '../src/history';
import { sentence } from '../src/sentence';
import type { View } from '../src/skin';
import { stepsOf } from '../src/steps';
import { parseTrace } from '../src/trace';

const START = ['0 hello version=3 page=4096 frames=64 slots=16 limit=8 policy=clock mhz=1 classes=all', '0 snapshot part=begin', '6 space',
	'6 region start=0x8000000 end=0x8010000 prot=3 flags=0 obj=0x0 index=0',
	...[1, 2, 3, 4, 5, 6].flatMap((n) => [`0 framealloc frame=${n} order=0 state=anon`, `0 page page=0xc000${n} frame=${n}`,
		`6 private va=0x800${n}000 page=0xc000${n}`]), '0 snapshot part=end'];
const victim = (frame: number, why: string) => [`0 victim frame=${frame} policy=clock why=${why} dirty=0`,
	`0 slotalloc slot=${frame} page=0xc000${frame}`, `0 evict frame=${frame} kind=anon how=clean`, `0 framefree frame=${frame} order=0`];
const TRAP = ['6 run thread=0x10 name=six', '6 trap va=0x8008000 error=0x6 ip=0x8000000'];
const END = ['0 framealloc frame=9 order=0 state=anon', '0 page page=0xc0009 frame=9', '6 private va=0x8008000 page=0xc0009',
	'6 map va=0x8008000 frame=9 writable=1', '6 fault va=0x8008000 access=write row=zero_fill major=0 result=ok'];

function lastOf(lines: string[]): View {
	const { events, malformed } = parseTrace([...START, ...lines].map((line, i) => `@${i + 1} ${i + 1} ${line}`).join('\n'));
	expect(malformed).toEqual([]);
	const history = new History(events), index = history.last, from = stepsOf(events).start[index]!;
	const view = { state: history.at(index), before: history.at(from - 1), event: events[index]!, from, index, task: 6, history,
		data: { title: '', trace: '', sites: {}, sources: {} } };
	return { ...view, change: stepChange(view) };
}

test('what the page-out daemon evicts meanwhile is not the doing of the fault', () => {
	const view = lastOf([...TRAP, '0 run thread=0x20 name=pageout', ...victim(1, 'daemon'), ...victim(2, 'daemon'), '6 run thread=0x10 name=six', ...END]);
	expect(sentence(view, 'en')).toMatch(/mapped\. Meanwhile the page-out daemon evicted 2 pages\.$/);
	expect([[...view.change.frames], [...view.change.pages], [...view.change.slots]]).toEqual([[9], [0xc0009], []]);
});

test('of the victims of a fault three are told and the others counted; a page that has a slot already is dropped', () => {
	const view = lastOf([...TRAP, ...[1, 2, 3, 4, 5].flatMap((n) => victim(n, 'limit')), ...END]);
	expect(sentence(view, 'en')).toMatch(/Victims: frame 1 \(.*\), dropped; frame 2 .* dropped; frame 3 .* dropped; and 2 more\.$/);
	expect([...view.change.frames].sort()).toEqual([1, 2, 3, 4, 5, 9]);
});

test('a task that is swapped out as a whole: why, in the words of each picture and language', () => {
	const view = lastOf(['0 run thread=0x20 name=swapper', '6 procout pages=6 why=thrashing']);
	expect(sentence(view, 'en')).toMatch(/ is swapped out as a whole \(pages: 6\); its page table is dropped\. The reason: thrashing\.$/);
	expect(sentence(view, 'ja')).toMatch(/理由はスラッシング。$/);
	expect(sentence(view, 'en', '.library')).toMatch(/6 books\. The reason: readers take each other's places on the shelves all the time\.$/);
	expect(sentence(view, 'ja', '.library')).toMatch(/本は 6 冊。理由は書架の奪い合い。$/);
});

test('blame names the row of the fault first, for a victim the choice, for a part of fork the fork; then what emitted the event', () => {
	const places: Record<string, [string, string, number][]> = { 'fault.row.zero_fill': [['row_zero_fill', 'mm/fault.c', 9]],
		'victim.why.limit': [['stay_below_limit', 'mm/fault.c', 8]], '0x70': [['fork', 'mm/addrspace_fork.c', 7]], '0x10': [['low', 'mm/rmap.c', 3]] };
	const lines = [...TRAP, '6 unmap va=0x8002000 frame=2', ...victim(1, 'limit'), ...END, '7 space', '6 readonly va=0x8008000', '7 fork parent=6 pages=7 at=0x70'];
	const { history, data } = lastOf(lines.map((line) => (line.includes(' at=') ? line : line.replace(/( name=six)?$/, ' at=0x10$1'))));
	const who = (wanted: string) => {
		const index = history.events.findLastIndex((e) => e.name === wanted), event = history.events[index]!;
		const view = { state: history.at(index), before: history.at(index - 1), event, index, history, data: { ...data, sites: places } };
		return sitesOf(view as View).map((site) => site.name).join();
	};
	expect(['framealloc', 'private', 'map', 'fault'].map(who)).toEqual(Array(4).fill('row_zero_fill,low'));
	expect(['victim', 'slotalloc', 'evict'].map(who)).toEqual(Array(3).fill('stay_below_limit,low'));
	expect(['trap', 'unmap', 'readonly', 'fork'].map(who)).toEqual(['low', 'low', 'fork,low', 'fork']);
});

test('steps go around the snapshot that closes the recording', () => {
	const { history } = lastOf([...TRAP, ...END, '0 snapshot part=begin', '0 counter value=1 name=pgfault', '0 snapshot part=end']);
	expect(history.end).toBe(history.last - 3);
	expect([history.outside(history.end + 1, true), history.outside(history.last, false), history.outside(3, true)]).toEqual([history.end, history.end, 3]);
});
