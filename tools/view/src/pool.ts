// Which frames a recording uses for pages. A machine has thousands of frames; those that hold pages of programs or files at some
// time in the recording have their place in the picture, always the same.

import type { History } from './history';

const known = new WeakMap<History, number[]>();

/** => the frames that hold an anonymous page or a file's page at some time, in the order of their numbers */
export function poolOf(history: History): number[] {
	let pool = known.get(history);
	if (!pool) {
		const frames = new Set<number>();
		for (const event of history.events)
			if (event.name === 'framealloc' && (event.values.state === 'anon' || event.values.state === 'file'))
				for (let i = 0; i < 2 ** event.values.order; i++)
					frames.add(event.values.frame + i);
		pool = [...frames].sort((a, b) => a - b);
		known.set(history, pool);
	}
	return pool;
}
