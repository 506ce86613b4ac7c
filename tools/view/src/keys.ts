// What each key does. Keys that a field of the page needs for itself are left to it.

export type Command =
	| { does: 'step' | 'fault'; by: 1 | -1 }
	| { does: 'first' | 'last' | 'play' | 'language' | 'text' | 'predict' | 'help' }
	| { does: 'skin'; number: number };

const SINGLE: Record<string, Command> = {
	'ArrowRight': { does: 'step', by: 1 },
	'ArrowLeft': { does: 'step', by: -1 },
	'Shift+ArrowRight': { does: 'fault', by: 1 },
	'Shift+ArrowLeft': { does: 'fault', by: -1 },
	'Home': { does: 'first' },
	'End': { does: 'last' },
	' ': { does: 'play' },
	'l': { does: 'language' },
	't': { does: 'text' },
	'p': { does: 'predict' },
	'?': { does: 'help' },
};

export function commandFor(key: KeyboardEvent): Command | null {
	const target = key.target as HTMLElement;
	if (key.ctrlKey || key.altKey || key.metaKey || target.matches?.('input, textarea, select'))
		return null;
	if (key.key === ' ' && target.matches?.('button, [role=button]'))
		return null;
	if (/^[1-9]$/.test(key.key))
		return { does: 'skin', number: Number(key.key) - 1 };
	return SINGLE[(key.shiftKey && key.key.startsWith('Arrow') ? 'Shift+' : '') + key.key] ?? null;
}
