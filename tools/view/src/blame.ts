// Who did it: the places in the source that decided on an event and that emitted it.
//
// The place that emits an event is in a low layer: what sets an entry, what allocates a frame. What decides is further up: a row of
// the table in mm/fault.c, what chose a victim, fork. The twin of tools/trace/causes.py.

import { hex } from './names';
import { EVENTS } from './schema';
import type { View } from './skin';
import type { Carried } from './source';
import { MEMORY } from './steps';
import type { TraceEvent } from './trace';

const OF_A_ROW = new Set(['framealloc', 'page', 'private', 'map', 'unmap', 'readonly', 'pagein', 'shmpage', 'filepage', 'fault']);
const FAR = 2000; // events that are searched for the end of what an event is a part of

export interface Site { name: string; file: string; line: number }

/** => why the frame that the event is about has been chosen to lose its page; undefined: it has not */
function whyEvicted({ event, history, index }: View): string | undefined {
	if (event.name === 'victim')
		return event.values.why;
	const state = history.at(Math.max(index - 1, 0)), { page, frame } = event.values as { page?: number; frame?: number };
	const held = page === undefined ? undefined : state.pages.get(page)?.frame;
	return state.victims.get(held ?? frame ?? 0);
}

/** => the fault, or the operation on regions, that its thread does with the event; undefined: none */
function partOf({ event, state, history, index }: View): TraceEvent | undefined {
	let thread = state.running?.thread;
	const mine = thread;
	for (const e of history.events.slice(index, index + FAR)) {
		if (e.name === 'run')
			thread = e.values.thread;
		else if (thread === mine && (e.name === 'fault' || EVENTS[e.name]!.cls === 'space'))
			return e;
		else if (thread === mine && e !== event && (e.name === 'trap' || !MEMORY.has(EVENTS[e.name]!.cls)))
			return undefined;
	}
	return undefined;
}

/** => the key in the page's table of places of what decided on the event; '': not known */
function causeOf(view: View): string {
	const why = whyEvicted(view);
	if (why)
		return `victim.why.${why}`;
	const { event } = view, whole = partOf(view), v = event.values as { va?: number; state?: string };
	if (whole?.name !== 'fault')
		return whole && MEMORY.has(EVENTS[event.name]!.cls) ? hex(whole.at) : '';
	const mine = [0, whole.label].includes(event.label) && (v.va ?? whole.values.va) === whole.values.va;
	return mine && OF_A_ROW.has(event.name) && v.state !== 'table' ? `fault.row.${whole.values.row}` : '';
}

/** => what decided on the event, then where it comes from, the innermost function first; empty if the page carries no places */
export function sitesOf(view: View): Site[] {
	const at = (key: string) => view.data.sites[key] ?? [];
	const found = [...at(causeOf(view)).slice(0, 1), ...at(hex(view.event.at))].map(([name, file, line]) => ({ name, file, line }));
	return found.filter((site, i) => found.findIndex((s) => s.name === site.name && s.line === site.line) === i);
}

/** => the lines around a place, and the number of the first one */
export function excerpt(data: Carried, site: Site): { first: number; lines: string[] } | null {
	const found = data.sources[`${site.file}:${site.line}`];
	return found ? { first: found[0], lines: found[1] } : null;
}
