// Which block a word lies in, and which blocks a string reaches from the program's hand.

import type { Heap } from '../../heap';

export interface Finder {
	/** => the block that the address lies in; 0: none */
	(address: number): number;
}

export function finderFor(heap: Heap): Finder {
	const places = [...heap.blocks.keys()].sort((a, b) => a - b);
	return (address) => {
		let low = 0, high = places.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (places[middle]! <= address)
				low = middle + 1;
			else
				high = middle;
		}
		const at = places[low - 1];
		return at !== undefined && address < at + Math.max(heap.blocks.get(at)!.size, 1) ? at : 0;
	};
}

/** => the blocks to which a chain of strings leads from outside the heap */
export function reachedBy(heap: Heap, find: Finder): Set<number> {
	const onward = new Map<number, number[]>(), reached = new Set<number>(), open: number[] = [];
	for (const [from, to] of heap.strings) {
		const source = find(from);
		if (source)
			onward.set(source, [...(onward.get(source) ?? []), to]);
		else
			open.push(to);
	}
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		if (reached.has(at))
			continue;
		reached.add(at);
		open.push(...(onward.get(at) ?? []));
	}
	return reached;
}

/** => blocks to which nothing leads: lost, if the last look at the references has seen them */
export function lostOf(heap: Heap, reached: ReadonlySet<number>): Set<number> {
	return new Set([...heap.blocks].filter(([at, b]) => b.looked && !reached.has(at)).map(([at]) => at));
}
