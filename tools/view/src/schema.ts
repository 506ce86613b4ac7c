// Made by tools/mktrace from tools/trace.schema.

export type FieldType = 'hex' | 'dec' | 'signed' | 'id' | 'word' | 'text' | readonly string[];
export interface Kind { readonly cls: string; readonly fields: readonly (readonly [string, FieldType])[] }

export const VERSION = 1;
export const CLASSES = ['state', 'fault', 'map', 'evict', 'slot', 'swap', 'frame', 'page', 'space', 'procswap', 'oom', 'user'] as const;
export const EVENTS: Readonly<Record<string, Kind>> = {
	'hello': { cls: 'state', fields: [['version', 'dec'], ['page', 'dec'], ['frames', 'dec'], ['slots', 'dec'], ['limit', 'dec'], ['policy', 'word'], ['classes', 'text']] },
	'snapshot': { cls: 'state', fields: [['part', ['begin', 'end']]] },
	'counter': { cls: 'state', fields: [['value', 'dec'], ['name', 'word']] },
	'dropped': { cls: 'state', fields: [['n', 'dec']] },
	'fault': { cls: 'fault', fields: [['va', 'hex'], ['access', ['read', 'write']], ['row', ['none', 'zero_fill', 'private', 'copy', 'object', 'promote', 'zero_read']], ['major', 'dec'], ['result', ['ok', 'segv_map', 'segv_acc', 'bus', 'killed']]] },
	'map': { cls: 'map', fields: [['va', 'hex'], ['frame', 'dec'], ['writable', 'dec']] },
	'unmap': { cls: 'map', fields: [['va', 'hex'], ['frame', 'dec']] },
	'readonly': { cls: 'map', fields: [['va', 'hex']] },
	'evict': { cls: 'evict', fields: [['frame', 'dec'], ['kind', ['anon', 'file']], ['how', ['clean', 'written', 'failed']]] },
	'slotalloc': { cls: 'slot', fields: [['slot', 'dec'], ['page', 'id']] },
	'slotfree': { cls: 'slot', fields: [['slot', 'dec']] },
	'pagein': { cls: 'swap', fields: [['page', 'id'], ['frame', 'dec'], ['slot', 'dec']] },
	'swapread': { cls: 'swap', fields: [['slot', 'dec'], ['n', 'dec'], ['error', 'signed']] },
	'swapwrite': { cls: 'swap', fields: [['slot', 'dec'], ['n', 'dec'], ['error', 'signed']] },
	'filewrite': { cls: 'swap', fields: [['block', 'dec'], ['n', 'dec'], ['error', 'signed']] },
	'framealloc': { cls: 'frame', fields: [['frame', 'dec'], ['order', 'dec'], ['state', ['reserved', 'free', 'kernel', 'table', 'anon', 'file']]] },
	'framefree': { cls: 'frame', fields: [['frame', 'dec'], ['order', 'dec']] },
	'page': { cls: 'page', fields: [['page', 'id'], ['frame', 'dec']] },
	'pagefree': { cls: 'page', fields: [['page', 'id']] },
	'private': { cls: 'page', fields: [['va', 'hex'], ['page', 'id']] },
	'discard': { cls: 'page', fields: [['start', 'hex'], ['end', 'hex']] },
	'shmpage': { cls: 'page', fields: [['obj', 'id'], ['index', 'dec'], ['page', 'id']] },
	'filepage': { cls: 'page', fields: [['obj', 'id'], ['index', 'dec'], ['frame', 'dec']] },
	'objdrop': { cls: 'page', fields: [['obj', 'id'], ['index', 'dec']] },
	'space': { cls: 'space', fields: [] },
	'fork': { cls: 'space', fields: [['parent', 'dec'], ['pages', 'dec']] },
	'exec': { cls: 'space', fields: [['from', 'dec'], ['name', 'text']] },
	'exit': { cls: 'space', fields: [['pages', 'dec']] },
	'region': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['prot', 'dec'], ['flags', 'dec'], ['obj', 'id'], ['index', 'dec']] },
	'unregion': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex']] },
	'grow': { cls: 'space', fields: [['start', 'hex'], ['old', 'hex']] },
	'protect': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['prot', 'dec']] },
	'wire': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['wired', 'dec']] },
	'inherit': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['flags', 'dec']] },
	'procout': { cls: 'procswap', fields: [['pages', 'dec']] },
	'procin': { cls: 'procswap', fields: [['pages', 'dec']] },
	'oom': { cls: 'oom', fields: [['pages', 'dec'], ['swapped', 'dec']] },
	'user': { cls: 'user', fields: [['line', 'text']] },
};
export interface EventValues {
	/** The first line. */
	'hello': { version: number; page: number; frames: number; slots: number; limit: number; policy: string; classes: string };
	/** Begins or ends a snapshot: the whole state, written as the events that would have produced it. */
	'snapshot': { part: 'begin' | 'end' };
	/** In a snapshot: a counter of /proc/vmstat. */
	'counter': { value: number; name: string };
	/** Stands for lost lines; its number is that of the last one. */
	'dropped': { n: number };
	/** A page fault has been resolved or refused. */
	'fault': { va: number; access: 'read' | 'write'; row: 'none' | 'zero_fill' | 'private' | 'copy' | 'object' | 'promote' | 'zero_read'; major: number; result: 'ok' | 'segv_map' | 'segv_acc' | 'bus' | 'killed' };
	/** A page is mapped to a frame. */
	'map': { va: number; frame: number; writable: number };
	/** The entry is gone. */
	'unmap': { va: number; frame: number };
	/** The entry stays but no longer permits stores. */
	'readonly': { va: number };
	/** A page loses its frame. */
	'evict': { frame: number; kind: 'anon' | 'file'; how: 'clean' | 'written' | 'failed' };
	/** A slot belongs to a page. */
	'slotalloc': { slot: number; page: number };
	/** A slot is free again. */
	'slotfree': { slot: number };
	/** A read from a slot into a frame begins. */
	'pagein': { page: number; frame: number; slot: number };
	/** A read request is complete. */
	'swapread': { slot: number; n: number; error: number };
	/** A write request is complete. */
	'swapwrite': { slot: number; n: number; error: number };
	/** A write request for dirty pages of a file is complete. */
	'filewrite': { block: number; n: number; error: number };
	/** A block of frames is allocated. */
	'framealloc': { frame: number; order: number; state: 'reserved' | 'free' | 'kernel' | 'table' | 'anon' | 'file' };
	/** A block of frames is freed. */
	'framefree': { frame: number; order: number };
	/** An anonymous page is created (in a snapshot: exists). */
	'page': { page: number; frame: number };
	/** The last reference to an anonymous page is gone. */
	'pagefree': { page: number };
	/** A page becomes the private page of its space at an address. */
	'private': { va: number; page: number };
	/** The private pages in a range are gone; the region stays. */
	'discard': { start: number; end: number };
	/** A page of a shared memory object is created. */
	'shmpage': { obj: number; index: number; page: number };
	/** A page of a file is in a frame, or is being read into one. */
	'filepage': { obj: number; index: number; frame: number };
	/** The object drops a page. */
	'objdrop': { obj: number; index: number };
	/** An empty address space is created. */
	'space': Record<string, never>;
	/** Regions and private pages of the parent's space have been copied into this one. */
	'fork': { parent: number; pages: number };
	/** A finished space takes this label; the space that had it is destroyed. */
	'exec': { from: number; name: string };
	/** The address space is destroyed with all its regions and private pages. */
	'exit': { pages: number };
	/** A region is mapped. */
	'region': { start: number; end: number; prot: number; flags: number; obj: number; index: number };
	/** A region is unmapped with its private pages. */
	'unregion': { start: number; end: number };
	/** A stack has grown down. */
	'grow': { start: number; old: number };
	/** A region's protection is changed. */
	'protect': { start: number; end: number; prot: number };
	/** A region is wired by mlock, or unwired. */
	'wire': { start: number; end: number; wired: number };
	/** How fork treats a region is changed. */
	'inherit': { start: number; end: number; flags: number };
	/** The space is swapped out: it has no page table, and its pages are written. */
	'procout': { pages: number };
	/** The space has a page table again, and the recorded pages are read. */
	'procin': { pages: number };
	/** A task is chosen to be killed. */
	'oom': { pages: number; swapped: number };
	/** A line that the program of this label wrote. */
	'user': { line: string };
}
export const PROGRAM_LINES: Readonly<Record<string, Kind>> = {
	'heap alloc': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']] },
	'heap realloc': { cls: 'user', fields: [['at', 'hex'], ['from', 'hex'], ['size', 'dec']] },
	'heap free': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']] },
	'heap split': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['rest', 'dec']] },
	'heap join': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['next', 'dec']] },
	'heap slab': { cls: 'user', fields: [['at', 'hex'], ['object', 'dec']] },
	'heap slabfree': { cls: 'user', fields: [['at', 'hex'], ['object', 'dec']] },
	'gc begin': { cls: 'user', fields: [['collector', 'word'], ['spent', 'dec']] },
	'gc root': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']] },
	'gc mark': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['from', 'hex']] },
	'gc push': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']] },
	'gc scan': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']] },
	'gc again': { cls: 'user', fields: [['room', 'dec']] },
	'gc end': { cls: 'user', fields: [['live', 'dec'], ['bytes', 'dec']] },
	'gc sweep': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']] },
	'gc alloc': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['atomic', 'dec']] },
	'gc free': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']] },
};
export interface LineValues {
	/** malloc, calloc or aligned_alloc has returned (HEAP_TRACE=1 in the environment switches these events on). */
	'heap alloc': { at: number; size: number };
	/** realloc has returned. */
	'heap realloc': { at: number; from: number; size: number };
	/** free is called. */
	'heap free': { at: number; size: number };
	/** A block is split in two. */
	'heap split': { at: number; size: number; rest: number };
	/** A block is joined with the next one. */
	'heap join': { at: number; size: number; next: number };
	/** A slab is made. */
	'heap slab': { at: number; object: number };
	/** A slab without objects becomes a free block. */
	'heap slabfree': { at: number; object: number };
	/** A collection begins. */
	'gc begin': { collector: string; spent: number };
	/** These words are scanned as roots. */
	'gc root': { at: number; size: number };
	/** An object is marked. */
	'gc mark': { at: number; size: number; from: number };
	/** The object is put on the mark stack. Atomic objects are not, nor those for which it has no room. */
	'gc push': { at: number; size: number };
	/** An object from the mark stack, or a part of it, is scanned. */
	'gc scan': { at: number; size: number };
	/** All marked objects are scanned again, since the mark stack was full. */
	'gc again': { room: number };
	/** The collection ends. */
	'gc end': { live: number; bytes: number };
	/** The unmarked objects in this page, or this large object, are freed. */
	'gc sweep': { at: number; size: number };
	/** gc_malloc or gc_malloc_atomic has returned. */
	'gc alloc': { at: number; size: number; atomic: number };
	/** An object is freed. */
	'gc free': { at: number; size: number };
}
