// Where the boxes stand. Addresses become positions on a few boards, one after another like words on lines: wide enough to be seen,
// else to scale, but for long holes, which are cut short. What is drawn is a window of addresses with so few blocks that each can be
// seen; the strip below shows all.

import type { Block, Heap } from '../../heap';
import { heapsOf } from '../../heaps';
import type { History } from '../../history';
import type { ProgramLine } from '../../trace';

export interface Area { x: number; y: number; w: number; h: number }
export interface Window { from: number; to: number }
export interface Piece { x: number; y: number; w: number; h: number }
export interface Placed { at: number; block: Block; pieces: Piece[] }
export interface Boards {
	rows: number;
	breaks: { x: number; y: number }[]; // where a long hole is cut short
	rowHeight: number;
	boxHeight: number;
	/** => where an address is; null: outside the window */
	locate(address: number): { x: number; row: number } | null;
	pieces(from: number, to: number): Piece[];
}

export const MOST = 200; // blocks in a window
const CUTS = 500, NARROW = 12, GAP = 2, BREAK = 22, LONG = 128, HOLE = 40, CELLS_IN_ROW = 14, LARGEST = 6;

const extents = new WeakMap<History, Map<number, { acts: number; windows: Window[] }>>();

function rangeOf(line: ProgramLine): Window | null {
	if (line.name === 'heap alloc' || line.name === 'heap realloc' || line.name === 'gc alloc' || line.name === 'gc mark')
		return line.values.at ? { from: line.values.at, to: line.values.at + Math.max(line.values.size, 4) } : null;
	return null;
}

/** => the ranges that the task LABEL and those that it comes from have ever allocated, in the order of addresses */
export function everOf(history: History, label: number): Window[] {
	const heaps = heapsOf(history), byLabel = extents.get(history) ?? new Map<number, { acts: number; windows: Window[] }>();
	extents.set(history, byLabel);
	let found = byLabel.get(label);
	if (found?.acts !== heaps.acts.length) {
		const family = new Set([label]);
		for (const act of [...heaps.acts].reverse())
			if (act.does === 'fork' && family.has(act.label))
				family.add(act.parent);
		const all = new Map<number, number>();
		for (const act of heaps.acts) {
			const range = act.does === 'line' && family.has(act.label) ? rangeOf(act.line) : null;
			if (range)
				all.set(range.from, Math.max(all.get(range.from) ?? 0, range.to));
		}
		found = { acts: heaps.acts.length, windows: [...all].map(([from, to]) => ({ from, to })).sort((a, b) => a.from - b.from) };
		byLabel.set(label, found);
	}
	return found.windows;
}

/** => the window around FOCUS: everything, if that is little enough, else an aligned piece of a power of two */
export function windowFor(heap: Heap, ever: readonly Window[], focus: number): Window {
	const all = { from: ever[0]?.from ?? 0, to: ever.reduce((most, w) => Math.max(most, w.to), 0) };
	if (ever.length <= MOST)
		return all;
	const places = [...heap.blocks.keys()].sort((a, b) => a - b);
	if (!places.length)
		places.push(all.from);
	const centre = all.from <= focus && focus < all.to ? focus : places[0]!;
	for (let size = 2 ** 30; size >= 256; size /= 2) {
		const from = Math.floor(centre / size) * size, to = from + size;
		if (places.filter((at) => from <= at && at < to).length <= MOST && ever.filter((w) => from <= w.from && w.from < to).length <= 2 * MOST)
			return { from: Math.max(from, all.from), to: Math.min(to, all.to) };
	}
	return { from: centre & ~255, to: (centre & ~255) + 256 };
}

interface Stretch { from: number; to: number; full: boolean }

/** Cuts the window where blocks begin or end, ever or now. */
function stretches(view: Window, heap: Heap, ever: readonly Window[]): Stretch[] {
	const inside = ever.filter((w) => w.from < view.to && view.from < w.to);
	const now = [...heap.blocks].map(([at, b]) => ({ from: at, to: at + b.size })).filter((w) => w.from < view.to && view.from < w.to);
	const cut = (inside.length * 2 <= CUTS ? [...inside, ...now] : now).sort((a, b) => a.from - b.from);
	const borders = [...new Set([view.from, view.to, ...cut.flatMap((w) => [w.from, w.to])])].filter((b) => view.from <= b && b <= view.to)
		.sort((a, b) => a - b);
	const result: Stretch[] = [];
	let next = 0, reach = 0;
	for (let i = 0; i + 1 < borders.length; i++) {
		while (next < cut.length && cut[next]!.from <= borders[i]!)
			reach = Math.max(reach, cut[next++]!.to);
		result.push({ from: borders[i]!, to: borders[i + 1]!, full: reach > borders[i]! });
	}
	return result;
}

interface Laid extends Stretch { x: number; row: number; w: number }

function layAt(parts: readonly Stretch[], scale: number, width: number): { laid: Laid[]; rows: number } {
	const laid: Laid[] = [];
	let x = 0, row = 0;
	for (const part of parts) {
		const bytes = part.to - part.from;
		const w = part.full ? Math.max(NARROW, bytes * scale) : bytes > LONG ? BREAK : Math.min(Math.max(GAP, bytes * scale), HOLE);
		if (x > 0 && x + w > width && w < width / 2) {
			x = 0;
			row++;
		}
		laid.push({ ...part, x, row, w });
		x += w;
		while (x > width) {
			x -= width;
			row++;
		}
	}
	return { laid, rows: row + 1 };
}

export function boardsFor(view: Window, heap: Heap, ever: readonly Window[], area: Area): Boards {
	const parts = stretches(view, heap, ever), full = parts.filter((p) => p.full).length;
	const rows = Math.min(Math.max(Math.ceil(full / CELLS_IN_ROW), 2), area.h > 480 ? 6 : 5);
	const bytes = parts.reduce((sum, p) => sum + (p.full ? p.to - p.from : 0), 0);
	let scale = Math.min((rows * area.w) / Math.max(bytes, 1), LARGEST), laid = layAt(parts, scale, area.w);
	for (let tries = 0; laid.rows > rows && tries < 90; tries++) {
		scale *= 0.94;
		laid = layAt(parts, scale, area.w);
	}
	const used = Math.max(laid.rows, rows), rowHeight = area.h / used, boxHeight = Math.min(rowHeight * 0.42, 52);
	const at = (address: number) => laid.laid.find((p) => p.from <= address && address < p.to);
	const pieces = (from: number, to: number): Piece[] => {
		const found: Piece[] = [];
		for (const p of laid.laid) {
			if (p.to <= from || to <= p.from)
				continue;
			let { x, row, w } = p;
			for (; w > 0.01; row++) {
				const here = Math.min(w, area.w - x), last = found.at(-1), y = area.y + (row + 1) * rowHeight - boxHeight;
				if (last && last.y === y && Math.abs(last.x + last.w - area.x - x) < 0.1)
					last.w += here;
				else
					found.push({ x: area.x + x, y, w: here, h: boxHeight });
				w -= here;
				x = 0;
			}
		}
		return found;
	};
	return {
		rows: used, rowHeight, boxHeight, pieces,
		breaks: laid.laid.filter((p) => !p.full && p.to - p.from > LONG).map((p) => ({ x: area.x + p.x + BREAK / 2, y: area.y + (p.row + 1) * rowHeight })),
		locate(address) {
			const p = at(address);
			if (!p)
				return null;
			const x = p.x + (p.w * (address - p.from)) / (p.to - p.from);
			return { x: area.x + (x % area.w), row: p.row + Math.floor(x / area.w) };
		},
	};
}

/** => the boxes of the blocks in the window */
export function placeBlocks(view: Window, heap: Heap, boards: Boards): Placed[] {
	const placed: Placed[] = [];
	for (const [at, block] of heap.blocks)
		if (view.from <= at && at < view.to)
			placed.push({ at, block, pieces: boards.pieces(at, Math.min(at + Math.max(block.size, 1), view.to)) });
	return placed.filter((p) => p.pieces.length).sort((a, b) => a.at - b.at);
}
