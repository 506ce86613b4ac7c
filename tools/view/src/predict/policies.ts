// How many faults a string of page references costs under each policy, with a given number of frames. Textbook counts: Belady's
// string 1 2 3 4 1 2 5 1 2 3 4 5 costs FIFO 9 faults with 3 frames and 10 with 4; LRU 10 and 8; OPT 7 and 6.

export type PolicyName = 'fifo' | 'clock' | 'lru' | 'opt';

/** => the index in RESIDENT of the page that must leave. RESIDENT is kept in the order in which the pages came in. */
type Choose = (resident: readonly number[], string: readonly number[], now: number) => number;

function simulate(string: readonly number[], frames: number, choose: Choose, used: (page: number, now: number) => void = () => {}): number {
	const resident: number[] = [];
	let faults = 0;
	string.forEach((page, now) => {
		if (!resident.includes(page)) {
			faults++;
			if (resident.length === frames)
				resident.splice(choose(resident, string, now), 1);
			resident.push(page);
		}
		used(page, now);
	});
	return faults;
}

function lru(string: readonly number[], frames: number): number {
	const last = new Map<number, number>(); // page -> when it was used last
	const oldest: Choose = (resident) => resident.reduce((best, page, i) => (last.get(page)! < last.get(resident[best]!)! ? i : best), 0);
	return simulate(string, frames, oldest, (page, now) => last.set(page, now));
}

/** What is needed again last, or never, leaves: nobody can know this, so it is the measure for the others. */
function opt(string: readonly number[], frames: number): number {
	const uses = new Map<number, number[]>(); // page -> when it is still to be used
	string.forEach((page, i) => uses.set(page, [...(uses.get(page) ?? []), i]));
	const next = (page: number) => uses.get(page)![0] ?? Infinity;
	const farthest: Choose = (resident) => resident.reduce((best, page, i) => (next(page) > next(resident[best]!) ? i : best), 0);
	return simulate(string, frames, farthest, (page) => uses.get(page)!.shift());
}

/** Frames in a ring and a hand: a page that was used since the hand passed gets a second chance. */
function clock(string: readonly number[], frames: number): number {
	const ring: { page: number; used: boolean }[] = [];
	let hand = 0, faults = 0;
	for (const page of string) {
		const place = ring.find((p) => p.page === page);
		if (place) {
			place.used = true;
			continue;
		}
		faults++;
		if (ring.length < frames) {
			ring.push({ page, used: true });
			continue;
		}
		for (; ring[hand]!.used; hand = (hand + 1) % frames)
			ring[hand]!.used = false;
		ring[hand] = { page, used: true };
		hand = (hand + 1) % frames;
	}
	return faults;
}

/** => the number of faults of STRING with FRAMES frames, at least one, under each policy */
export function countFaults(string: readonly number[], frames: number): Record<PolicyName, number> {
	return { fifo: simulate(string, frames, () => 0), clock: clock(string, frames), lru: lru(string, frames), opt: opt(string, frames) };
}
