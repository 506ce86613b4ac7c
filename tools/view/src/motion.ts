// What has moved, moves once: an element begins at where its thing was, and is at its place after a quarter of a second.

export const MOVE_MS = 250;

export interface From { dx: number; dy: number; step: number; calm: boolean }

/** A Svelte action for the element that stands at the new place. It moves when `step`, the number of the event, rises. */
export function arrive(element: SVGElement | HTMLElement, from: From | null) {
	let step = -1;
	const move = (next: From | null) => {
		if (next && !next.calm && next.step > step && element.animate)
			element.animate([{ transform: `translate(${next.dx}px, ${next.dy}px)` }, { transform: 'none' }],
				{ duration: MOVE_MS, easing: 'cubic-bezier(.3, 0, .2, 1)' });
		step = next?.step ?? step;
	};
	move(from);
	return { update: move };
}
