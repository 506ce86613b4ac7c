// The library: one place for each frame, each page's book at its place on the shelves or in the basement.

import { describe, expect, it } from 'vitest';
import { changeBetween } from '../src/compare';
import { History } from '../src/history';
import type { View } from '../src/skin';
import { booksOf } from '../src/skins/library/books';
import { stripsOf } from '../src/skins/library/desk';
import { cellOf, coverIn, FOOT, gridIn, type Box } from '../src/skins/library/grid';
import { placesOf } from '../src/skins/library/places';
import { doingOf, movesBetween } from '../src/skins/library/pose';
import { roomFor } from '../src/skins/library/room';
import { sceneOf } from '../src/skins/library/scene';
import { stepsOf } from '../src/steps';
import { parseTrace } from '../src/trace';
import { recordingOf } from './machine';

const SIZE = { width: 1280, height: 558 };

function historyOf(text: string): History {
	const { events, malformed } = parseTrace(text);
	expect(malformed).toEqual([]);
	return new History(events);
}

const steps = new WeakMap<History, ReturnType<typeof stepsOf>>();

function viewAt(history: History, index: number): View {
	if (!steps.has(history))
		steps.set(history, stepsOf(history.events));
	const from = Math.max(steps.get(history)!.start[index]!, history.first);
	const state = history.at(index), before = history.at(Math.max(from - 1, history.first));
	return { state, before, change: changeBetween(before, state), event: history.events[index]!, from, index, task: 4, history } as View;
}

const apart = (a: Box, b: Box) => a.x + a.w <= b.x + 0.01 || b.x + b.w <= a.x + 0.01 || a.y + a.h <= b.y + 0.01 || b.y + b.h <= a.y + 0.01;

describe('places', () => {
	it.each([1, 7, 24, 48, 110, 111, 500, 4064, 16383])('%i places are all there, in the furniture, and do not overlap', (count) => {
		const box = { x: 10, y: 20, w: 470, h: 300 }, grid = gridIn(box, count, 104);
		expect(grid.cells).toBe(Math.ceil(count / grid.each));
		expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(grid.cells);
		const last = cellOf(grid, count - 1);
		expect(last.y + last.h).toBeLessThanOrEqual(box.y + box.h + 0.01);
		if (grid.kind !== 'covers')
			return;
		const covers = Array.from({ length: count }, (_, place) => coverIn(cellOf(grid, place), FOOT));
		for (const [i, a] of covers.entries())
			for (const b of covers.slice(i + 1))
				expect(apart(a, b)).toBe(true);
	});

	it('are as many as the limit, and no two frames share one', () => {
		const history = historyOf(recordingOf(1, 6, 20, 14, 120)), places = placesOf(history);
		expect(places.count).toBe(6);
		for (let index = history.first; index <= history.last; index++) {
			const taken = [...history.at(index).frames.keys()].map((frame) => places.of(frame, index));
			expect(new Set(taken).size).toBe(taken.length);
			expect(taken.every((place) => 0 <= place && place < places.count)).toBe(true);
		}
	});

	it('are in the order of the frames, if not more of them ever hold a page than the limit allows', () => {
		const history = historyOf(recordingOf(1, 60, 90, 14, 120)), places = placesOf(history), { first, last } = history;
		const used = [...new Set(history.events.flatMap((e) => (e.name === 'framealloc' ? [e.values.frame] : [])))].sort((a, b) => a - b);
		expect([places.count, used.length < 60]).toEqual([60, true]);
		for (let index = first; index <= last; index += 5) {
			const taken = used.filter((frame) => history.at(index).frames.has(frame)).map((frame) => places.of(frame, index));
			expect(taken).toEqual([...taken].sort((a, b) => a - b));
		}
	});

	it('are the frames that ever hold a page without a limit, and the others are counted', () => {
		const history = historyOf(recordingOf(1, 6, 20, 14, 60, 0)), places = placesOf(history);
		expect(places.count + places.more).toBe(4096);
		const used = new Set(history.events.flatMap((e) => (e.name === 'framealloc' ? [e.values.frame] : [])));
		expect(places.count).toBe(used.size);
		expect([...used].sort((a, b) => a - b).map((frame) => places.of(frame, 0))).toEqual([...used].map((_, i) => i));
		expect(places.of(4000, 0)).toBe(-1);
	});
});

describe('books', () => {
	it.each([1, 2, 3])('stand at the place of their frame, or in the basement at their slot (seed %i)', (seed) => {
		const history = historyOf(recordingOf(seed, 5, 16, 12, 100)), places = placesOf(history), room = roomFor(SIZE);
		for (let index = history.first; index <= history.last; index += 7) {
			const view = viewAt(history, index), { state } = view, books = booksOf(view), scene = sceneOf(view, room);
			expect(books.length).toBe(state.pages.size);
			for (const book of books) {
				const page = state.pages.get(Number(book.id.slice(1)))!;
				expect([book.frame, book.slot]).toEqual([page.frame, page.slot]);
				const drawn = scene.shown.filter((s) => s.book.id === book.id);
				const shelf = drawn.filter((s) => !s.ghost && book.frame), basement = drawn.filter((s) => s.ghost || !book.frame);
				expect([shelf.length, basement.length]).toEqual([book.frame ? 1 : 0, book.slot ? 1 : 0]);
				if (book.frame)
					expect(shelf[0]!.box).toEqual(coverIn(cellOf(scene.shelves, places.of(page.frame, index)), FOOT));
				if (book.slot)
					expect(basement[0]!.box).toEqual(coverIn(cellOf(scene.stacks, page.slot - 1), FOOT));
			}
		}
	});

	it('are carried down if they were written in and else only taken off the shelf', () => {
		const history = historyOf(recordingOf(5, 3, 8, 6, 60)), poses = new Set<string>();
		for (const [index, event] of history.events.entries()) {
			if (event.name !== 'evict')
				continue;
			const view = viewAt(history, index), before = booksOf({ ...view, state: view.before }), moves = movesBetween(before, booksOf(view), event);
			const moved = event.values.how === 'written' ? moves.down : moves.dropped;
			expect(moved.map((b) => b.frame)).toContain(event.values.frame);
			poses.add(doingOf(view, moves).pose);
		}
		expect([...poses].sort()).toEqual(['down', 'reach']);
	});
});

describe('the desk', () => {
	it.each([1, 40, 400, 5000])('has every page of %i that is not untouched', (pages) => {
		const history = historyOf(recordingOf(3, 30, 40, pages, 60)), view = viewAt(history, history.last), room = roomFor(SIZE);
		const spots = stripsOf(view, room.top, room.bottom).flatMap((s) => s.spots);
		expect(spots.reduce((sum, s) => sum + s.count, 0)).toBe(pages);
		expect(spots.every((s) => s.y + s.size <= room.bottom.y)).toBe(true);
	});

	it('piles up what a large address space has, so that it stays readable', () => {
		const history = historyOf(recordingOf(3, 700, 1500, 1200, 3000)), view = viewAt(history, history.last), room = roomFor(SIZE);
		const spots = stripsOf(view, room.top, room.bottom).flatMap((s) => s.spots);
		expect(spots.reduce((sum, s) => sum + s.count, 0)).toBe(1200);
		expect(spots.length).toBeLessThan(300);
		const shown = sceneOf(view, room);
		expect([shown.shelves.count, shown.stacks.count]).toEqual([700, Math.max(110, ...view.history.events.map((e) => (e.name === 'slotalloc' ? e.values.slot : 0)))]);
	});
});
