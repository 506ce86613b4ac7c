// Numbers over a whole recording, one value for each of many equal stretches of events: what the skin Curves draws. One pass over
// the events, with no more state than the sums need.

import type { History } from './history';
import type { TraceEvent } from './trace';

export const ROWS = ['zero_fill', 'zero_read', 'private', 'private_major', 'copy', 'object', 'promote'] as const;

export interface Series {
	columns: number;
	resident: Float64Array; // entries of the followed task at the end of each stretch
	all: Float64Array; // frames with pages of programs and files
	free: Float64Array; // frames that are free, of those that `frames=` allows
	slots: Float64Array; // slots in use
	faults: Record<(typeof ROWS)[number], Float64Array>; // in each stretch, by row of the fault table
	written: Float64Array; // pages that began to go to slots
	read: Float64Array; // pages that began to come back
}

class Sums {
	entries = new Map<number, number>(); // label -> entries
	blocks = new Map<number, readonly [frames: number, page: boolean]>();
	used = 0; // frames that are allocated
	pages = 0; // of them, with pages of programs and files
	slots = new Set<number>();

	take(event: TraceEvent) {
		switch (event.name) {
		case 'snapshot':
			if (event.values.part === 'begin')
				Object.assign(this, new Sums());
			break;
		case 'map':
		case 'unmap':
			this.entries.set(event.label, (this.entries.get(event.label) ?? 0) + (event.name === 'map' ? 1 : -1));
			break;
		case 'exec':
			this.entries.set(event.label, this.entries.get(event.values.from) ?? 0);
			this.entries.delete(event.values.from);
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

	private block(frame: number, frames: number, page: boolean) {
		const [oldFrames, oldPage] = this.blocks.get(frame) ?? [0, false];
		this.used += frames - oldFrames;
		this.pages += (page ? frames : 0) - (oldPage ? oldFrames : 0);
		this.blocks.set(frame, [frames, page]);
	}
}

/** => the series of HISTORY for the task LABEL in so many COLUMNS, from the first event after the first snapshot to the event LAST */
export function seriesOf(history: History, label: number, columns: number, last = history.last): Series {
	const make = () => new Float64Array(columns);
	const series: Series = { columns, resident: make(), all: make(), free: make(), slots: make(), written: make(), read: make(),
		faults: Object.fromEntries(ROWS.map((row) => [row, make()])) as Series['faults'] };
	const sums = new Sums(), span = Math.max(last - history.first, 1), seen = new Set<number>();
	const { frames, limit } = history.machine;
	let snapshot = false;
	history.events.slice(0, last + 1).forEach((event, index) => {
		sums.take(event);
		if (event.name === 'snapshot')
			snapshot = event.values.part === 'begin';
		if (index < history.first || snapshot)
			return;
		const column = Math.min(Math.floor(((index - history.first) / span) * columns), columns - 1);
		seen.add(column);
		series.resident[column] = sums.entries.get(label) ?? 0;
		series.all[column] = sums.pages;
		series.free[column] = limit ? limit - sums.pages : frames - sums.used;
		series.slots[column] = sums.slots.size;
		if (event.name === 'fault' && event.values.result === 'ok' && event.values.row !== 'none')
			series.faults[event.values.row === 'private' && event.values.major ? 'private_major' : event.values.row]![column]!++;
		else if (event.name === 'slotalloc')
			series.written[column]!++;
		else if (event.name === 'pagein')
			series.read[column]!++;
	});
	for (const part of [series.resident, series.all, series.free, series.slots])
		for (let i = 1; i < columns; i++)
			if (!seen.has(i)) // a stretch without events
				part[i] = part[i - 1]!;
	return series;
}
