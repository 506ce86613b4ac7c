// Searching what is sorted.

/** => the first number below LENGTH for which HOLDS, LENGTH if there is none; behind a number for which it holds it must hold for all */
export function firstWith(length: number, holds: (n: number) => boolean): number {
	let low = 0, high = length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(middle))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
