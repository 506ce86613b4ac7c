// What the skin Curves shows, and on which scale. Two recordings are drawn on one scale, so that a length means the same in both.

import { roundUp } from '../../axis';
import type { History } from '../../history';
import { ROWS, seriesOf, type Series } from '../../series';

export const PANELS = ['resident', 'room', 'faults', 'traffic'] as const;
export type Panel = (typeof PANELS)[number];
export interface Box { x: number; y: number; w: number; h: number }

export interface Scale {
	span: number; // events from the left edge to the right one
	per: number; // events in a column
	window: number; // events of the working set
	resident: number; // the rest: what is as high as a panel
	free: number;
	slots: number;
	faults: number;
	traffic: number;
}

const most = (parts: readonly Float64Array[]) => parts.reduce((m, p) => p.reduce((a, b) => Math.max(a, b), m), 1);
const COLUMN = 5; // pixels
const WINDOWS = 12; // of the working set in the whole width

/** => the scale for recordings of EVENTS events at most on WIDTH pixels; what the series do not say yet is 1 */
export function scaleFor(events: number, width: number): Scale {
	const span = Math.max(events, 2);
	return { span, per: roundUp((span * COLUMN) / Math.max(width, COLUMN)), window: roundUp(span / WINDOWS),
		resident: 1, free: 1, slots: 1, faults: 1, traffic: 1 };
}

export const eventsIn = (history: History) => history.last - history.first + 1;

/** => the series of a task for a scale */
export const drawn = (history: History, label: number, { per, window }: Scale): Series => seriesOf(history, label, { per, window });

/** => SCALE, high enough for all SERIES */
export function fitted(scale: Scale, series: readonly Series[]): Scale {
	const high = (part: (s: Series) => readonly Float64Array[]) => most(series.flatMap(part));
	return { ...scale, resident: high((s) => [s.all, s.resident, s.working]), free: high((s) => [s.free]), slots: high((s) => [s.slots]),
		faults: high((s) => [faultsOf(s)]), traffic: high((s) => [s.written, s.read]) };
}

/** => all faults of each column */
const faultsOf = (series: Series) => series.resident.map((_, i) => ROWS.reduce((sum, row) => sum + series.faults[row][i]!, 0));

/** => for each column and row of the fault table that has faults: how many, and how many lie below them */
export function stacks(series: Series) {
	const parts: { row: string; column: number; from: number; count: number }[] = [];
	series.resident.forEach((_, column) => {
		let from = 0;
		for (const row of ROWS) {
			const count = series.faults[row][column]!;
			if (count)
				parts.push({ row, column, from, count });
			from += count;
		}
	});
	return parts;
}
