// The bits of a page-table entry, as far as the trace tells them.

import type { PageAt } from '../../links';
import type { State } from '../../state';

export interface Bit { letter: string; name: string; value: 0 | 1 | null } // null: the trace does not say

/** => the five bits that matter, from the highest to the lowest, as in the entry. A and D are those of the policy's last look. */
export function bitsOf(state: State, at: PageAt): Bit[] {
	const seen = at.mapped ? state.seen.get(at.frame) : undefined;
	const bit = (value: number | boolean | undefined) => (value === undefined ? null : value ? 1 : 0);
	return [
		{ letter: 'D', name: 'dirty', value: at.mapped ? bit(seen?.[1]) : 0 },
		{ letter: 'A', name: 'accessed', value: at.mapped ? bit(seen?.[0]) : 0 },
		{ letter: 'U', name: 'user', value: bit(at.mapped) },
		{ letter: 'W', name: 'writable', value: bit(at.mapped && at.writable) },
		{ letter: 'P', name: 'present', value: bit(at.mapped) },
	];
}
