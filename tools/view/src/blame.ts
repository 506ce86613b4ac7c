// Who did it: the place in the source that emitted an event.

import type { Carried } from './source';
import type { TraceEvent } from './trace';

export interface Site { name: string; file: string; line: number }

/** => where the event comes from, the innermost function first; empty if the page carries no places */
export function sitesOf(data: Carried, event: TraceEvent): Site[] {
	return (data.sites['0x' + event.at.toString(16)] ?? []).map(([name, file, line]) => ({ name, file, line }));
}

/** => the lines around a place, and the number of the first one */
export function excerpt(data: Carried, site: Site): { first: number; lines: string[] } | null {
	const found = data.sources[`${site.file}:${site.line}`];
	return found ? { first: found[0], lines: found[1] } : null;
}
