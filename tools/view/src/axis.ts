// Round numbers for the axes of curves.

/** => the smallest of 1, 2, 5, 10, 20, 50 ... that is at least LEAST */
export function roundUp(least: number): number {
	const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
	return power * [1, 2, 5, 10].find((n) => n * power >= least)!;
}

/** => round numbers from 0 to MAX for an axis with room for MOST of them, two at least */
export function ticksTo(max: number, most: number): number[] {
	let step = roundUp(max / Math.max(most, 1));
	for (let parts = 2; step > max; parts++)
		step = roundUp(max / parts);
	return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step);
}

/** => TIME in ms, in a unit that needs few digits */
export function duration(ms: number): string {
	return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10_000 ? `${Math.round(ms).toLocaleString('en')} ms` : `${(ms / 1000).toFixed(1)} s`;
}
