// The way of a book between the shelves, the basement and the delivery window: through the opening in the floor.

import type { Room } from './room';
import type { Trail } from './scene';

/** => an SVG path */
export function pathOf({ from, to }: Trail, { floor, opening, ground }: Room): string {
	const centre = (b: typeof from) => [b.x + b.w / 2, b.y + b.h / 2] as const;
	const [ax, ay] = centre(from), [bx, by] = centre(to), x = (opening.from + opening.to) / 2 + 16;
	const dip = Math.sign(by - ay), upper = dip > 0 ? ay : by, lower = dip > 0 ? by : ay;
	const bend = Math.max(30, (floor - upper) * 0.6), sink = Math.min(Math.max(40, (lower - floor) * 0.6), ground - floor);
	const a = dip > 0 ? bend : sink, b = dip > 0 ? sink : bend;
	return `M${ax.toFixed(0)} ${ay.toFixed(0)}C${((ax + x) / 2).toFixed(0)} ${ay.toFixed(0)} ${x} ${(floor + 8 - dip * a).toFixed(0)} ${x} ${floor + 8}`
		+ `C${x} ${(floor + 8 + dip * b).toFixed(0)} ${((bx + x) / 2).toFixed(0)} ${by.toFixed(0)} ${bx.toFixed(0)} ${by.toFixed(0)}`;
}
