// Numbers over a whole recording, one value for each of many equal stretches of events: what the skin Curves draws. One pass over
// the events, with no more state than the sums need.
//
// The working set of a task is the number of different pages that it has touched lately. The processor reports no touch, so a
// recording tells of two kinds only: a fault on the page, and an accessed bit that the policy finds set (then something touched the
// frame since the bit was cleared; if several tasks map the frame, any of them). So the number is a lower bound.

import type { History } from './history';
import type { TraceEvent } from './trace';

export const ROWS = ['zero_fill', 'zero_read', 'private', 'private_major', 'copy', 'object', 'object_major', 'promote'] as const;
export type Row = (typeof ROWS)[number];
const PAGE_MASK = ~4095;

export interface Series {
	resident: Float64Array; // entries of the followed task at the end of each stretch
	working: Float64Array; // its pages that were touched in the window that ends there, as far as the recording tells
	all: Float64Array; // frames with pages of programs and files
	free: Float64Array; // frames that are free, of those that `frames=` allows
	slots: Float64Array; // slots in use
	faults: Record<Row, Float64Array>; // in each stretch, by row of the fault table
	written: Float64Array; // pages that began to go to slots
	read: Float64Array; // pages that began to come back
}

export interface Stretches {
	per: number; // events in each
	window: number; // events over which a touched page counts for the working set
	last?: number; // the index of the last event; else all
}

class Task {
	entries = 0;
	frames = new Map<number, number>(); // frame -> a page that is mapped to it
	touched = new Map<number, number>(); // page -> index of the last event that tells of a touch
}

class Sums {
	tasks = new Map<number, Task>();
	blocks = new Map<number, readonly [frames: number, page: boolean]>();
	used = 0; // frames that are allocated
	pages = 0; // of them, with pages of programs and files
	slots = new Set<number>();

	task(label: number): Task {
		let task = this.tasks.get(label);
		if (!task)
			this.tasks.set(label, (task = new Task()));
		return task;
	}

	take(event: TraceEvent, index: number) {
		switch (event.name) {
		case 'snapshot':
			if (event.values.part === 'begin')
				this.beginAnew();
			break;
		case 'map':
			this.task(event.label).entries++;
			this.task(event.label).frames.set(event.values.frame, event.values.va);
			break;
		case 'unmap':
			this.task(event.label).entries--;
			this.task(event.label).frames.delete(event.values.frame);
			break;
		case 'exec':
			this.tasks.set(event.label, this.task(event.values.from));
			this.tasks.delete(event.values.from);
			break;
		case 'exit':
			this.tasks.delete(event.label);
			break;
		case 'fault':
			if (event.values.result === 'ok')
				this.task(event.label).touched.set((event.values.va & PAGE_MASK) >>> 0, index);
			break;
		case 'look':
			if (event.values.accessed)
				this.frameTouched(event.values.frame, index);
			break;
		case 'framealloc':
			this.block(event.values.frame, 2 ** event.values.order, event.values.state === 'anon' || event.values.state === 'file');
			break;
		case 'framefree':
			this.block(event.values.frame, 0, false);
			break;
		case 'slotalloc':
			this.slots.add(event.values.slot);
			break;
		case 'slotfree':
			this.slots.delete(event.values.slot);
		}
	}

	/** A snapshot describes everything again, but not what was touched. */
	private beginAnew() {
		for (const task of this.tasks.values())
			Object.assign(task, { entries: 0, frames: new Map() });
		Object.assign(this, new Sums(), { tasks: this.tasks });
	}

	private frameTouched(frame: number, index: number) {
		for (const task of this.tasks.values()) {
			const page = task.frames.get(frame);
			if (page !== undefined)
				task.touched.set(page, index);
		}
	}

	private block(frame: number, frames: number, page: boolean) {
		const [oldFrames, oldPage] = this.blocks.get(frame) ?? [0, false];
		this.used += frames - oldFrames;
		this.pages += (page ? frames : 0) - (oldPage ? oldFrames : 0);
		this.blocks.set(frame, [frames, page]);
	}

	/** => the pages of task LABEL that were touched after the event SINCE */
	working(label: number, since: number): number {
		let count = 0;
		for (const index of this.tasks.get(label)?.touched.values() ?? [])
			count += index > since ? 1 : 0;
		return count;
	}
}

/** => the row of the fault table that a fault counts for, those that read from a disk apart; null: it was refused */
export function rowOf(event: TraceEvent): Row | null {
	if (event.name !== 'fault' || event.values.result !== 'ok' || event.values.row === 'none')
		return null;
	const { row, major } = event.values;
	return major && (row === 'private' || row === 'object') ? `${row}_major` : row;
}

function count(series: Series, event: TraceEvent, column: number) {
	const row = rowOf(event);
	if (row)
		series.faults[row][column]!++;
	else if (event.name === 'slotalloc')
		series.written[column]!++;
	else if (event.name === 'pagein')
		series.read[column]!++;
}

/** => the series of HISTORY for the task LABEL, from the first event after the first snapshot on */
export function seriesOf(history: History, label: number, { per, window, last = history.last }: Stretches): Series {
	const columns = Math.max(Math.ceil((last - history.first + 1) / per), 1), make = () => new Float64Array(columns);
	const series: Series = { resident: make(), working: make(), all: make(), free: make(), slots: make(), written: make(), read: make(),
		faults: Object.fromEntries(ROWS.map((row) => [row, make()])) as Series['faults'] };
	const sums = new Sums(), { frames, limit } = history.machine;
	let snapshot = false, sampled = 0; // columns whose levels are known
	const sample = (column: number, index: number) => {
		series.resident[column] = sums.tasks.get(label)?.entries ?? 0;
		series.working[column] = sums.working(label, index - window);
		series.all[column] = sums.pages;
		series.free[column] = limit ? limit - sums.pages : frames - sums.used;
		series.slots[column] = sums.slots.size;
	};
	for (let index = 0; index <= last; index++) {
		const event = history.events[index]!, column = Math.floor((index - history.first) / per);
		sums.take(event, index);
		if (event.name === 'snapshot')
			snapshot = event.values.part === 'begin';
		if (column < 0 || snapshot)
			continue;
		count(series, event, column);
		if (index === last || (index - history.first + 1) % per === 0)
			for (; sampled <= column; sampled++) // also those that a snapshot fills
				sample(sampled, index);
	}
	if (sampled < columns) // it ends within a snapshot: the levels stay
		for (const part of [series.resident, series.working, series.all, series.free, series.slots])
			part.fill(part[sampled - 1] ?? 0, sampled);
	return series;
}
