import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changeBetween } from '../src/compare';
import { EVERY, History } from '../src/history';
import { lifeOf } from '../src/life';
import { State } from '../src/state';
import { stepsOf } from '../src/steps';
import { parseTrace } from '../src/trace';
import { fileWith, python, randomTrace } from './python';

const real = process.env.VIEW_TRACE ?? '';
const recording = existsSync(real) ? readFileSync(real, 'utf8') : '';

describe('a history', () => {
	test('gives the same state by any way, and applies few events for it', () => {
		const { events } = parseTrace(randomTrace(7, 5000));
		const jumps = new History(events, 100), straight = new State();
		const wanted = new Map<number, State>();
		events.forEach((event, index) => {
			straight.apply(event);
			if (index % 333 === 0 || index === events.length - 1)
				wanted.set(index, straight.copy());
		});
		for (const index of [...wanted.keys()].reverse()) {
			const before = jumps.applied, state = jumps.at(index);
			expect(jumps.applied - before).toBeLessThanOrEqual(100);
			if (!wanted.get(index)!.snapshot)
				expect(change(wanted.get(index)!, state)).toEqual([]);
		}
	});

	test('of 100,000 events is at most EVERY events away from any state', () => {
		const { events } = parseTrace(randomTrace(8, 100_000)), history = new History(events);
		for (let i = 0; i < 20; i++) {
			const before = history.applied;
			history.at((i * 7919 * 13) % events.length);
			expect(history.applied - before).toBeLessThanOrEqual(EVERY);
		}
	});
});

function change(a: State, b: State): string[] {
	return Object.entries(changeBetween(a, b)).filter(([, set]) => set.size).map(([name]) => name);
}

describe.skipIf(!recording)('a real recording', () => {
	const { events } = parseTrace(recording), history = new History(events);

	test('is whole', () => expect(history.problems).toEqual([]));

	test('names a gap where an event is missing, and what follows from it', () => {
		const index = events.findIndex((e, i) => i > history.first && e.name === 'map');
		const cut = new History(events.toSpliced(index, 1)), seq = events[index]!.seq;
		expect(cut.problems[0]).toMatchObject({ kind: 'lost', from: seq, to: seq, index });
	});

	test('has faults as steps that begin with their traps', () => {
		const steps = stepsOf(events), own = steps.faults.filter((i) => events[i]!.label === 1);
		const begins = own.map((i) => events[steps.start[i]!]!.name);
		expect(begins.filter((name) => name === 'trap').length).toBeGreaterThan(own.length / 2);
	});

	test('tells the life of each page as tools/trace/life.py does', () => {
		const pages = [0x100000, 0x105000, 0x117000, 0x8048000, 0x8049000, 0xbffff000];
		const lives = python('dump.py', 'life', fileWith(recording), 1, ...pages.map((va) => va.toString(16))).trimEnd().split('\n');
		pages.forEach((va, i) => {
			const mine = lifeOf(history, { kind: 'page', label: 1, va }).map((index) => events[index]!.seq);
			expect(mine, va.toString(16)).toEqual(JSON.parse(lives[i]!));
		});
	});
});
