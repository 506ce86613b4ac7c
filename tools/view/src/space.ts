// An address space as the events of a trace describe it: regions, private pages, entries of the page table. The twin of
// tools/trace/space.py.

export const SHARED = 1, WIRED = 4, HEAP = 8, NOFORK = 16, WIPED = 32;
const PAGE_BITS = 12;

export interface Region {
	readonly start: number;
	readonly end: number;
	readonly prot: number;
	readonly flags: number;
	readonly obj: number;
	readonly index: number; // page of the object at the start
}

/** The name of a page of an object. */
export const objectKey = (obj: number, index: number) => `${obj}:${index}`;

export type Entry = readonly [frame: number, writable: number];

export const inside = (r: Region, va: number) => r.start <= va && va < r.end;

export class Space {
	regions: Region[] = []; // sorted
	private = new Map<number, number>(); // address -> page
	entries = new Map<number, Entry>();

	copy(): Space {
		const other = new Space();
		other.regions = [...this.regions];
		other.private = new Map(this.private);
		other.entries = new Map(this.entries);
		return other;
	}

	/** Cuts regions at START and END and replaces each between by CHANGE's result; null: none. */
	change(start: number, end: number, change: (r: Region) => Region | null) {
		this.regions = this.regions.flatMap((r) => cut(r, start)).flatMap((r) => cut(r, end))
			.map((r) => (start <= r.start && r.end <= end ? change(r) : r)).filter((r) => r !== null);
	}

	forget(start: number, end: number) {
		for (const va of this.private.keys())
			if (start <= va && va < end)
				this.private.delete(va);
	}

	/** => the regions, equal neighbours joined */
	joined(): Region[] {
		const result: Region[] = [];
		for (const r of this.regions) {
			const low = result.at(-1);
			if (low && continues(low, r))
				result[result.length - 1] = { ...low, end: r.end };
			else
				result.push(r);
		}
		return result;
	}
}

function cut(r: Region, va: number): Region[] {
	if (va <= r.start || va >= r.end)
		return [r];
	return [{ ...r, end: va }, { ...r, start: va, index: r.index + ((va - r.start) >>> PAGE_BITS) }];
}

function continues(low: Region, r: Region): boolean {
	return r.prot === low.prot && r.flags === low.flags && r.obj === low.obj && low.end === r.start
		&& (!r.obj || low.index + ((low.end - low.start) >>> PAGE_BITS) === r.index);
}
