// The heap as a program's lines tell it: the same in both languages, and each block's box where its address says.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Heap } from '../src/heap';
import { Heaps, heapsOf, heapStops } from '../src/heaps';
import { History } from '../src/history';
import { MOST, boardsFor, everOf, placeBlocks, windowFor } from '../src/skins/heap/layout';
import { finderFor, lostOf, reachedBy } from '../src/skins/heap/reach';
import { parseTrace } from '../src/trace';
import { chance } from './machine';

const STACK = 0xbffff000, BASE = 0x8100000, EVERY = 250;
const hex = (n: number) => '0x' + n.toString(16);

/** A program that allocates, frees, looks at its references, collects and forks, by chance. */
class Program {
	private readonly lines = ['@1 0 0 hello version=3 page=4096 frames=64 slots=0 limit=0 policy=clock mhz=1 classes=state,user', '@2 0 4 space'];
	private readonly blocks = new Map<number, number>();

	constructor(readonly random: (n: number) => number) {}

	event(label: number, text: string) {
		this.lines.push(`@${this.lines.length + 1} 0 ${label} ${text}`);
	}

	say(line: string, label = 4) {
		this.event(label, 'user line=' + line);
	}

	get text() {
		return this.lines.join('\n') + '\n';
	}

	private some() {
		return [...this.blocks.keys()][this.random(this.blocks.size)] ?? BASE;
	}

	alloc() {
		const at = BASE + this.random(400) * 64, size = 1 + this.random(60);
		if (this.blocks.has(at))
			return;
		this.blocks.set(at, size);
		this.say(this.random(2) ? `heap alloc at=${hex(at)} size=${size}` : `gc alloc at=${hex(at)} size=${size} atomic=${this.random(2)}`);
	}

	free() {
		const at = this.some();
		this.say(`heap free at=${hex(at)} size=${this.blocks.get(at) ?? 8}`);
		this.blocks.delete(at);
	}

	look() {
		this.say('heap refs calls=7');
		this.say(`heap root at=${hex(STACK)} size=64`);
		if (this.random(2))
			this.say(`heap stale at=${hex(BASE + 8 * this.random(4000))} from=${hex(STACK + 96)}`);
		for (let i = this.random(6); i >= 0; i--)
			this.say(`heap ref at=${hex(this.some())} from=${hex(this.random(2) ? STACK + i * 4 : this.some())}`);
	}

	collect() {
		this.say('gc begin collector=best spent=100');
		this.say(`gc root at=${hex(STACK)} size=512`);
		this.say(`gc scan at=${hex(STACK + 128)} size=384`);
		const live = [...this.blocks.keys()].filter(() => this.random(3) > 0);
		for (const [i, at] of live.entries()) {
			this.say(`gc mark at=${hex(at)} size=${this.blocks.get(at)} from=${hex(i ? live[i - 1]! : STACK)}`);
			this.say(`gc push at=${hex(at)} size=${this.blocks.get(at)}`);
			if (this.random(2))
				this.say(`gc scan at=${hex(at)} size=${this.blocks.get(at)}`);
		}
		this.say(`gc sweep at=${hex(BASE)} size=25600`);
		for (const [at, size] of this.blocks)
			if (!live.includes(at)) {
				this.say(`gc free at=${hex(at)} size=${size}`);
				this.blocks.delete(at);
			}
		this.say(`gc end live=${live.length} bytes=0`);
	}
}

function recordingOf(seed: number): string {
	const random = chance(seed), program = new Program(random);
	for (let i = 0; i < 300; i++) {
		const what = random(40);
		if (what < 24)
			program.alloc();
		else if (what < 34)
			program.free();
		else if (what < 37)
			program.look();
		else if (what < 39)
			program.collect();
		else
			program.event(5 + i, 'fork parent=4 pages=0');
	}
	program.event(4, 'exit pages=0');
	return program.text;
}

const historyOf = (text: string) => new History(parseTrace(text).events);
const pairs = <V>(map: Map<number, V>) => [...map].sort((a, b) => a[0] - b[0]);

/** What tools/trace/heap.py prints for a heap. */
function digest(heap: Heap) {
	const range = (r: { at: number; size: number }) => [r.at, r.size];
	return {
		blocks: pairs(heap.blocks).map(([at, b]) => [at, b.size, b.kind, b.atomic, b.marked, b.looked]), strings: pairs(heap.strings),
		gone: pairs(heap.gone), roots: heap.roots.map(range), tray: heap.tray.map(range), phase: heap.phase, robot: heap.robot,
		sweeping: heap.sweeping && range(heap.sweeping), live: heap.live, freed: heap.freed, collections: heap.collections,
	};
}

describe('the heap', () => {
	it.each([1, 2])('is the same for Python (seed %i)', { timeout: 60_000 }, (seed) => {
		const text = recordingOf(seed), file = join(mkdtempSync(join(tmpdir(), 'heap-')), 'trace.txt');
		writeFileSync(file, text);
		const answers = execFileSync('python3', ['../trace/heap.py', file, String(EVERY)], { encoding: 'utf8' }).trim().split('\n')
			.map((line) => JSON.parse(line) as Record<string, unknown>);
		const history = historyOf(text), heaps = new Heaps(history);
		const labels = [...new Set(heaps.acts.map((act) => act.label))].sort((a, b) => a - b);
		for (const [i, answer] of answers.entries()) {
			const index = Math.min((i + 1) * EVERY - 1, history.last);
			const mine = labels.flatMap((label) => {
				const heap = heaps.at(label, index);
				return heap ? [[String(label), digest(heap)] as const] : [];
			});
			expect(Object.fromEntries(mine)).toEqual(answer);
		}
	});

	it('of a recording that grows is that of the whole, and so are its ranges', () => {
		const { events } = parseTrace(recordingOf(9)), half = events.length >> 1;
		const whole = new History(events), growing = new History(events.slice(0, half));
		const before = digest(heapsOf(growing).at(4, half - 1)!), ranges = everOf(growing, 4);
		events.slice(half).forEach((event) => growing.append(event));
		expect(digest(heapsOf(growing).at(4, half - 1)!)).toEqual(before);
		expect(heapsOf(growing).acts).toEqual(heapsOf(whole).acts);
		expect(heapsOf(growing).tasks).toEqual(heapsOf(whole).tasks);
		expect(digest(heapsOf(growing).at(4, whole.last - 1)!)).toEqual(digest(heapsOf(whole).at(4, whole.last - 1)!));
		expect(everOf(growing, 4)).toEqual(everOf(whole, 4));
		expect(everOf(growing, 4).length).toBeGreaterThan(ranges.length);
	});

	it('is the same whether one comes from before or from after', () => {
		const history = historyOf(recordingOf(9)), forward = new Heaps(history), jumping = new Heaps(history), random = chance(3);
		const told = Array.from({ length: history.last }, (_, i) => JSON.stringify(digest(forward.at(4, i) ?? new Heap())));
		for (let i = 0; i < 60; i++) {
			const index = random(history.last);
			expect(JSON.stringify(digest(jumping.at(4, index) ?? new Heap()))).toBe(told[index]);
		}
	});

	it('knows a leak as a block without a string, and a use after free as a string into an empty place', () => {
		const heap = new Heap();
		for (const at of [0x1000, 0x1100, 0x1200, 0x1300])
			heap.apply({ name: 'heap alloc', values: { at, size: 64 } });
		heap.apply({ name: 'heap refs', values: { calls: 4 } });
		heap.apply({ name: 'heap ref', values: { at: 0x1000, from: STACK } });
		heap.apply({ name: 'heap ref', values: { at: 0x1100, from: 0x1008 } });
		heap.apply({ name: 'heap ref', values: { at: 0x1300, from: 0x1204 } });
		heap.apply({ name: 'heap alloc', values: { at: 0x1400, size: 8 } });
		const lost = () => [...lostOf(heap, reachedBy(heap, finderFor(heap)))];
		expect(lost()).toEqual([0x1200, 0x1300]);
		heap.apply({ name: 'heap free', values: { at: 0x1100, size: 64 } });
		expect([...heap.gone]).toEqual([[0x1100, 64]]);
		heap.apply({ name: 'heap alloc', values: { at: 0x1120, size: 8 } });
		expect(heap.gone.size).toBe(0);
		heap.apply({ name: 'heap stale', values: { at: 0x1180, from: 0x1010 } });
		expect([...heap.gone]).toEqual([[0x1180, 0]]);
	});
});

it('stops at allocations, frees and the phases of a collection of the task that is followed', () => {
	const program = new Program(() => 0), at = hex(BASE);
	for (const line of [`gc alloc at=${at} size=8 atomic=0`, 'gc begin collector=best spent=1', `gc root at=${at} size=4`, `gc sweep at=${at} size=64`, `gc free at=${at} size=8`,
		`gc sweep at=${at} size=64`, 'gc end live=0 bytes=0', `heap alloc at=${at} size=8`])
		program.say(line);
	program.say(`heap free at=${at} size=8`, 5);
	const { events } = parseTrace(program.text), history = new History(events);
	const told = heapStops(history, 4).map((i) => String((events[i]!.values as { line: string }).line).split(' at=')[0]!.split(' ').slice(0, 2).join(' '));
	expect(told).toEqual(['gc alloc', 'gc begin', 'gc sweep', 'gc end', 'heap alloc']);
});

describe('the room', () => {
	const AREA = { x: 180, y: 40, w: 1000, h: 380 };

	it.each([1, 2])('has a box for each block, in its order, none over another (seed %i)', (seed) => {
		const history = historyOf(recordingOf(seed)), ever = everOf(history, 4), heaps = new Heaps(history);
		for (let index = 10; index < history.last; index += 97) {
			const heap = heaps.at(4, index);
			if (!heap)
				continue;
			const window = windowFor(heap, ever, 0), boards = boardsFor(window, heap, ever, AREA), placed = placeBlocks(window, heap, boards);
			expect(placed.length).toBe([...heap.blocks.keys()].filter((at) => window.from <= at && at < window.to).length);
			const pieces = placed.flatMap((p) => p.pieces);
			for (const [i, p] of pieces.entries()) {
				expect(p.x >= AREA.x - 0.1 && p.x + p.w <= AREA.x + AREA.w + 0.1 && p.y + p.h <= AREA.y + AREA.h + 0.1).toBe(true);
				const next = pieces[i + 1];
				if (next)
					expect(next.y > p.y || (next.y === p.y && next.x >= p.x + p.w - 0.1)).toBe(true);
			}
		}
	});

	it('is a window of at most so many blocks that each can be seen', () => {
		const heap = new Heap(), ever = [];
		for (let i = 0; i < 5000; i++) {
			heap.apply({ name: 'gc alloc', values: { at: 0x9000000 + i * 8, size: 8, atomic: 0 } });
			ever.push({ from: 0x9000000 + i * 8, to: 0x9000008 + i * 8 });
		}
		const window = windowFor(heap, ever, 0x9000000 + 30000);
		expect(window.from <= 0x9000000 + 30000 && 0x9000000 + 30000 < window.to).toBe(true);
		const placed = placeBlocks(window, heap, boardsFor(window, heap, ever, AREA));
		expect(placed.length).toBeGreaterThan(MOST / 4);
		expect(placed.length).toBeLessThanOrEqual(MOST);
	});
});
