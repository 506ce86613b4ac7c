// A moment in the heap's room, worked out: boxes, strings, the robot.

import type { Heap } from '../../heap';
import { heapsOf } from '../../heaps';
import type { View } from '../../skin';
import { parseProgramLine, type ProgramLine } from '../../trace';
import { boardsFor, everOf, placeBlocks, windowFor, type Area, type Boards, type Piece, type Placed, type Window } from './layout';
import { finderFor, lostOf, reachedBy } from './reach';

export const WIDTH = 1280, STACK_FROM = 0xb0000000;
const LARGEST_HOLE = 24;

export type Look = 'plain' | 'marked' | 'waiting' | 'dust' | 'lost'; // waiting: no string found yet; dust: no mark, to be swept

export interface Box extends Placed { look: Look; now: boolean; strings: number }
export interface Thread { key: string; path: string; root: boolean; now: boolean; dangling: boolean }

export interface Room {
	heap: Heap;
	line: ProgramLine | null; // of this event
	window: Window;
	all: Window;
	whole: boolean; // the window is everything
	boards: Boards;
	boxes: Box[];
	empty: { at: number; pieces: Piece[] }[]; // freed, but a string leads there
	threads: Thread[];
	robot: { x: number; y: number } | null;
	lost: number;
	looking: boolean; // at the references: not all are known yet
	bytes: number;
	strip: { used: Window[]; largest: number; free: number };
}

export interface Plan { height: number; area: Area; hands: { stack: { x: number; y: number }; data: { x: number; y: number } }; strip: Area }

export function planFor(size: { width: number; height: number }): Plan {
	const height = Math.min(Math.max(WIDTH * (size.height / Math.max(size.width, 1)), 520), 780), strip = { x: 24, y: height - 62, w: WIDTH - 48, h: 22 };
	return { height, strip, area: { x: 196, y: 30, w: WIDTH - 196 - 28, h: height - 148 },
		hands: { stack: { x: 128, y: height * 0.27 }, data: { x: 128, y: height * 0.55 } } };
}

/** => the program's line at this event, if the task that is followed wrote it */
export function lineAt(view: View): ProgramLine | null {
	return view.event.name === 'user' && view.event.label === view.task ? parseProgramLine(view.event.values.line) : null;
}

function lookOf(heap: Heap, at: number, lost: ReadonlySet<number>, looking: boolean): Look {
	const b = heap.blocks.get(at)!;
	if (b.kind === 'gc' && heap.phase !== 'run')
		return b.marked ? 'marked' : heap.phase === 'mark' ? 'waiting' : 'dust';
	return !lost.has(at) ? 'plain' : looking ? 'waiting' : 'lost';
}

const top = (p: Piece) => ({ x: p.x + p.w / 2, y: p.y });

function threadsOf(heap: Heap, plan: Plan, boards: Boards, find: (a: number) => number, line: ProgramLine | null): Thread[] {
	const threads: Thread[] = [], now = line?.name === 'gc mark' || line?.name === 'heap ref' || line?.name === 'heap stale' ? line.values.from : -1;
	const ends = new Map<number, { x: number; y: number } | null>();
	const end = (at: number) => {
		if (!ends.has(at)) {
			const [piece] = boards.pieces(at, at + Math.max(heap.blocks.get(at)?.size ?? heap.gone.get(at) ?? 4, 4));
			ends.set(at, piece ? top(piece) : null);
		}
		return ends.get(at)!;
	};
	for (const [from, at] of heap.strings) {
		const target = end(at), source = find(from);
		if (!target)
			continue;
		const b = `${target.x.toFixed(0)} ${target.y.toFixed(0)}`;
		const common = { key: from.toString(16), now: from === now, dangling: heap.gone.has(at) };
		if (source) {
			const start = end(source);
			if (!start)
				continue;
			const lift = Math.min(16 + Math.abs(target.x - start.x) * 0.12, 46);
			threads.push({ ...common, root: false, path: `M${start.x.toFixed(0)} ${start.y.toFixed(0)}C${start.x.toFixed(0)} ${(start.y - lift).toFixed(0)} ${target.x.toFixed(0)} ${(target.y - lift).toFixed(0)} ${b}` });
		} else {
			const hand = from >= STACK_FROM ? plan.hands.stack : plan.hands.data;
			threads.push({ ...common, root: true, path: `M${hand.x} ${hand.y.toFixed(0)}C${hand.x + 70} ${(hand.y - 14).toFixed(0)} ${(target.x - 30).toFixed(0)} ${(target.y - 52).toFixed(0)} ${b}` });
		}
	}
	return threads.sort((a, b) => Number(a.now) - Number(b.now));
}

/** The robot stands on the box that it looks into, or where a box was; at the roots, in front of the program's hand. */
function robotAt(heap: Heap, plan: Plan, boards: Boards, find: (a: number) => number): Room['robot'] {
	if (!heap.robot)
		return null;
	const at = find(heap.robot), [piece] = boards.pieces(at || heap.robot, (at || heap.robot) + 4);
	if (piece)
		return { x: piece.x + piece.w / 2, y: at ? piece.y : piece.y + piece.h };
	if (!heap.roots.some((r) => r.at <= heap.robot && heap.robot < r.at + r.size))
		return null;
	const hand = heap.robot >= STACK_FROM ? plan.hands.stack : plan.hands.data;
	return { x: hand.x + 34, y: hand.y + 36 };
}

/** => stretches of the heap that blocks use, merged where the holes are too small to see, and how the free bytes are cut up */
function stripOf(heap: Heap, all: Window): Room['strip'] {
	const unit = (all.to - all.from) / (WIDTH * 2), used: Window[] = [];
	let end = all.from, largest = 0, free = 0;
	for (const [at, { size }] of [...heap.blocks].sort((a, b) => a[0] - b[0])) {
		const hole = at - end > LARGEST_HOLE ? at - end : 0; // less is the heap's own header
		free += hole;
		largest = Math.max(largest, hole);
		const last = used.at(-1);
		if (last && at - last.to <= unit)
			last.to = Math.max(last.to, at + size);
		else
			used.push({ from: at, to: at + size });
		end = Math.max(end, at + size);
	}
	const rest = Math.max(all.to - end, 0);
	return { used, largest: Math.max(largest, rest), free: free + rest };
}

/** => the room; null: nothing is known of this task's heap. PINNED: an address that the window must hold; 0: none */
export function roomOf(view: View, plan: Plan, pinned: number): Room | null {
	const heap = heapsOf(view.history).at(view.task, view.index), ever = heap ? everOf(view.history, view.task) : [];
	if (!heap || !ever.length)
		return null;
	const line = lineAt(view), find = finderFor(heap), reached = reachedBy(heap, find), lost = lostOf(heap, reached);
	const looking = heapsOf(view.history).looking(view.task, view.index), named = line && 'at' in line.values ? line.values.at : 0;
	const all = { from: ever[0]!.from, to: ever.reduce((most, w) => Math.max(most, w.to), 0) };
	const window = windowFor(heap, ever, pinned || named || heap.robot), boards = boardsFor(window, heap, ever, plan.area);
	const strings = new Map<number, number>();
	for (const at of heap.strings.values())
		strings.set(at, (strings.get(at) ?? 0) + 1);
	const boxes = placeBlocks(window, heap, boards).map((p) => ({ ...p, look: lookOf(heap, p.at, lost, looking), now: p.at === named, strings: strings.get(p.at) ?? 0 }));
	const sizeOf = (at: number) => { const was = ever.find((w) => w.from === at); return was ? was.to - was.from : 4; };
	const empty = [...heap.gone].map(([at, size]) => ({ at, pieces: boards.pieces(at, at + (size || sizeOf(at))) })).filter((e) => e.pieces.length);
	return {
		heap, line, window, all, whole: window.from === all.from && window.to === all.to, boards, boxes, empty,
		threads: threadsOf(heap, plan, boards, find, line), robot: robotAt(heap, plan, boards, find), lost: lost.size, looking,
		bytes: [...heap.blocks.values()].reduce((sum, b) => sum + b.size, 0), strip: stripOf(heap, all),
	};
}
