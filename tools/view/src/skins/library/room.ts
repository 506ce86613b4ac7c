// Where the furniture of the library stands. The picture is a section through the building, 1280 units wide: the reading room,
// and below its floor the delivery room and the stacks, with a stair between.

import type { Box } from './grid';

export const WIDTH = 1280;

export interface Room {
	height: number;
	floor: number; // of the reading room
	ground: number; // of the basement
	behind: Box; // for the desks behind
	top: Box; // far edge of the desk of the reader who is followed
	bottom: Box; // its near edge
	card: Box;
	catalogue: Box;
	shelves: Box;
	stacks: Box;
	delivery: Box;
	stair: { top: number; bottom: number }; // x at the upper and the lower end
	opening: { from: number; to: number }; // in the floor, above the stair
	counter: Box;
}

/** => the room for a stage of this size: the width is fixed, the height follows the shape of the stage */
export function roomFor(size: { width: number; height: number }): Room {
	const height = Math.min(Math.max(WIDTH * (size.height / Math.max(size.width, 1)), 520), 780);
	const floor = Math.round(height * 0.615), ground = height - 12;
	return {
		height, floor, ground,
		behind: { x: 70, y: 36, w: 440, h: 44 },
		top: { x: 92, y: 118, w: 366, h: 0 },
		bottom: { x: 12, y: floor - 16, w: 516, h: 0 },
		card: { x: 548, y: 16, w: 228, h: 92 },
		catalogue: { x: 540, y: floor - 150, w: 62, h: 150 },
		shelves: { x: 792, y: 36, w: 466, h: floor - 36 - 6 },
		stacks: { x: 812, y: floor + 52, w: 446, h: ground - floor - 56 },
		delivery: { x: 20, y: floor + 44, w: 520, h: ground - floor - 50 },
		stair: { top: 654, bottom: 798 },
		opening: { from: 652, to: 742 },
		counter: { x: 596, y: floor - 64, w: 52, h: 64 },
	};
}
