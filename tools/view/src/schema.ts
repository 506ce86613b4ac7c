// Made by tools/mktrace from tools/trace.schema.

export type FieldType = 'hex' | 'dec' | 'signed' | 'id' | 'word' | 'text' | readonly string[];
export interface Kind {
	readonly cls: string;
	readonly fields: readonly (readonly [string, FieldType])[];
	/** Counters of which each such event is a step, if its fields have these words. */
	readonly counts: readonly (readonly [string, Readonly<Record<string, string>>])[];
}

export const VERSION = 3;
export const CLASSES = ['state', 'fault', 'map', 'wait', 'evict', 'look', 'slot', 'swap', 'frame', 'page', 'space', 'procswap', 'oom', 'user'] as const;
export const EVENTS: Readonly<Record<string, Kind>> = {
	'hello': { cls: 'state', fields: [['version', 'dec'], ['page', 'dec'], ['frames', 'dec'], ['slots', 'dec'], ['limit', 'dec'], ['policy', 'word'], ['mhz', 'dec'], ['classes', 'text']], counts: [] },
	'snapshot': { cls: 'state', fields: [['part', ['begin', 'end']]], counts: [] },
	'counter': { cls: 'state', fields: [['value', 'dec'], ['name', 'word']], counts: [] },
	'run': { cls: 'state', fields: [['thread', 'id'], ['name', 'text']], counts: [] },
	'name': { cls: 'state', fields: [['name', 'text']], counts: [] },
	'object': { cls: 'state', fields: [['obj', 'id'], ['kind', ['file', 'shm']], ['name', 'text']], counts: [] },
	'policy': { cls: 'state', fields: [['name', 'word']], counts: [] },
	'dropped': { cls: 'state', fields: [['n', 'dec']], counts: [] },
	'trap': { cls: 'fault', fields: [['va', 'hex'], ['error', 'hex'], ['ip', 'hex']], counts: [] },
	'fault': { cls: 'fault', fields: [['va', 'hex'], ['access', ['read', 'write']], ['row', ['none', 'zero_fill', 'private', 'copy', 'object', 'promote', 'zero_read']], ['major', 'dec'], ['result', ['ok', 'segv_map', 'segv_acc', 'bus', 'killed']]], counts: [["pgfault", {}], ["fault_private", {"row": "private", "result": "ok"}], ["cow_break", {"row": "copy", "result": "ok"}], ["fault_object", {"row": "object", "result": "ok"}], ["promote", {"row": "promote", "result": "ok"}], ["zero_read", {"row": "zero_read", "result": "ok"}]] },
	'map': { cls: 'map', fields: [['va', 'hex'], ['frame', 'dec'], ['writable', 'dec']], counts: [] },
	'unmap': { cls: 'map', fields: [['va', 'hex'], ['frame', 'dec']], counts: [] },
	'readonly': { cls: 'map', fields: [['va', 'hex']], counts: [] },
	'wait': { cls: 'wait', fields: [['what', ['frame', 'page', 'request']], ['frame', 'dec']], counts: [] },
	'resume': { cls: 'wait', fields: [['what', ['frame', 'page', 'request']], ['frame', 'dec']], counts: [] },
	'victim': { cls: 'evict', fields: [['frame', 'dec'], ['policy', 'word'], ['why', ['daemon', 'limit', 'exact', 'procswap', 'advice', 'always', 'drop']], ['dirty', 'dec']], counts: [] },
	'daemon': { cls: 'evict', fields: [['does', ['work', 'sleep']], ['room', 'dec'], ['low', 'dec'], ['high', 'dec']], counts: [["daemon_wakeups", {"does": "work"}]] },
	'evict': { cls: 'evict', fields: [['frame', 'dec'], ['kind', ['anon', 'file']], ['how', ['clean', 'written', 'failed']]], counts: [["clean_drop", {"how": "clean"}], ["evict_file", {"kind": "file"}], ["evict_anon", {"kind": "anon", "how": "clean"}], ["evict_anon", {"kind": "anon", "how": "written"}]] },
	'look': { cls: 'look', fields: [['frame', 'dec'], ['accessed', 'dec'], ['dirty', 'dec'], ['verdict', ['passed', 'victim', 'skipped']]], counts: [] },
	'slotalloc': { cls: 'slot', fields: [['slot', 'dec'], ['page', 'id']], counts: [["pswpout", {}]] },
	'slotfree': { cls: 'slot', fields: [['slot', 'dec']], counts: [] },
	'pagein': { cls: 'swap', fields: [['page', 'id'], ['frame', 'dec'], ['slot', 'dec']], counts: [["pswpin", {}]] },
	'swapread': { cls: 'swap', fields: [['slot', 'dec'], ['n', 'dec'], ['error', 'signed']], counts: [] },
	'swapwrite': { cls: 'swap', fields: [['slot', 'dec'], ['n', 'dec'], ['error', 'signed']], counts: [] },
	'fileread': { cls: 'swap', fields: [['block', 'dec'], ['n', 'dec'], ['error', 'signed']], counts: [] },
	'writeback': { cls: 'swap', fields: [['obj', 'id'], ['index', 'dec'], ['frame', 'dec'], ['block', 'dec']], counts: [["writeback", {}]] },
	'filewrite': { cls: 'swap', fields: [['block', 'dec'], ['n', 'dec'], ['error', 'signed']], counts: [] },
	'framealloc': { cls: 'frame', fields: [['frame', 'dec'], ['order', 'dec'], ['state', ['reserved', 'free', 'kernel', 'table', 'anon', 'file']]], counts: [] },
	'framefree': { cls: 'frame', fields: [['frame', 'dec'], ['order', 'dec']], counts: [] },
	'page': { cls: 'page', fields: [['page', 'id'], ['frame', 'dec']], counts: [] },
	'pagefree': { cls: 'page', fields: [['page', 'id']], counts: [] },
	'private': { cls: 'page', fields: [['va', 'hex'], ['page', 'id']], counts: [] },
	'discard': { cls: 'page', fields: [['start', 'hex'], ['end', 'hex']], counts: [] },
	'shmpage': { cls: 'page', fields: [['obj', 'id'], ['index', 'dec'], ['page', 'id']], counts: [] },
	'filepage': { cls: 'page', fields: [['obj', 'id'], ['index', 'dec'], ['frame', 'dec'], ['block', 'dec']], counts: [] },
	'objdrop': { cls: 'page', fields: [['obj', 'id'], ['index', 'dec']], counts: [] },
	'space': { cls: 'space', fields: [], counts: [] },
	'fork': { cls: 'space', fields: [['parent', 'dec'], ['pages', 'dec']], counts: [] },
	'exec': { cls: 'space', fields: [['from', 'dec'], ['name', 'text']], counts: [] },
	'exit': { cls: 'space', fields: [['pages', 'dec']], counts: [] },
	'region': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['prot', 'dec'], ['flags', 'dec'], ['obj', 'id'], ['index', 'dec']], counts: [] },
	'unregion': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex']], counts: [] },
	'grow': { cls: 'space', fields: [['start', 'hex'], ['old', 'hex']], counts: [] },
	'protect': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['prot', 'dec']], counts: [] },
	'wire': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['wired', 'dec']], counts: [] },
	'inherit': { cls: 'space', fields: [['start', 'hex'], ['end', 'hex'], ['flags', 'dec']], counts: [] },
	'procout': { cls: 'procswap', fields: [['pages', 'dec'], ['why', ['thrashing', 'stopped', 'exchange', 'asked', 'earlier']]], counts: [["procswap_out", {}]] },
	'procin': { cls: 'procswap', fields: [['pages', 'dec'], ['why', ['fits', 'exchange', 'asked']]], counts: [["procswap_in", {}]] },
	'procdone': { cls: 'procswap', fields: [['direction', ['out', 'in']], ['frames', 'dec'], ['moved', 'dec'], ['runs', 'dec']], counts: [] },
	'oom': { cls: 'oom', fields: [['pages', 'dec'], ['swapped', 'dec']], counts: [["oom_kill", {}]] },
	'user': { cls: 'user', fields: [['line', 'text']], counts: [] },
};
export interface EventValues {
	/** The first line, and the first one after other classes were switched on: the state begins anew, a snapshot follows. */
	'hello': { version: number; page: number; frames: number; slots: number; limit: number; policy: string; mhz: number; classes: string };
	/** Begins or ends a snapshot: the whole state, written as the events that would have produced it. */
	'snapshot': { part: 'begin' | 'end' };
	/** In a snapshot: a counter of /proc/vmstat. */
	'counter': { value: number; name: string };
	/** From here on another thread runs and causes the events, but for the ends of disk requests, which interrupts report. LABEL: its task; 0: a thread of the kernel. */
	'run': { thread: number; name: string };
	/** The task's name, in snapshots and when it changes. (fork: the child has its parent's.) */
	'name': { name: string };
	/** A memory object's name, before the object's first event of the trace and anew in each snapshot. */
	'object': { obj: number; kind: 'file' | 'shm'; name: string };
	/** Another replacement policy has been chosen. */
	'policy': { name: string };
	/** Stands for lost lines; its number is that of the last one. */
	'dropped': { n: number };
	/** The processor has raised a page fault. The next `fault` of this space ends it; what its thread does until then is done for it. */
	'trap': { va: number; error: number; ip: number };
	/** A page fault has been resolved or refused. Without a `trap` before it: the kernel needs the page for a system call. */
	'fault': { va: number; access: 'read' | 'write'; row: 'none' | 'zero_fill' | 'private' | 'copy' | 'object' | 'promote' | 'zero_read'; major: number; result: 'ok' | 'segv_map' | 'segv_acc' | 'bus' | 'killed' };
	/** A page is mapped to a frame. */
	'map': { va: number; frame: number; writable: number };
	/** The entry is gone. */
	'unmap': { va: number; frame: number };
	/** The entry stays but no longer permits stores. */
	'readonly': { va: number };
	/** The current thread begins to wait. */
	'wait': { what: 'frame' | 'page' | 'request'; frame: number };
	/** It goes on, perhaps only to look again. */
	'resume': { what: 'frame' | 'page' | 'request'; frame: number };
	/** A frame has been chosen to lose its page. */
	'victim': { frame: number; policy: string; why: 'daemon' | 'limit' | 'exact' | 'procswap' | 'advice' | 'always' | 'drop'; dirty: number };
	/** The page-out daemon begins to work, or has nothing more to do. */
	'daemon': { does: 'work' | 'sleep'; room: number; low: number; high: number };
	/** A page loses its frame. */
	'evict': { frame: number; kind: 'anon' | 'file'; how: 'clean' | 'written' | 'failed' };
	/** The policy has looked at a frame. */
	'look': { frame: number; accessed: number; dirty: number; verdict: 'passed' | 'victim' | 'skipped' };
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
	/** A read request for pages of a file is complete. */
	'fileread': { block: number; n: number; error: number };
	/** A dirty page of a file begins to be written. It stays in memory unless it was a victim. */
	'writeback': { obj: number; index: number; frame: number; block: number };
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
	'filepage': { obj: number; index: number; frame: number; block: number };
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
	'procout': { pages: number; why: 'thrashing' | 'stopped' | 'exchange' | 'asked' | 'earlier' };
	/** The space has a page table again, and the recorded pages are read. */
	'procin': { pages: number; why: 'fits' | 'exchange' | 'asked' };
	/** All that is to leave or to come back is written or read. */
	'procdone': { direction: 'out' | 'in'; frames: number; moved: number; runs: number };
	/** A task is chosen to be killed. */
	'oom': { pages: number; swapped: number };
	/** A line that the program of this label wrote. */
	'user': { line: string };
}
export const PROGRAM_LINES: Readonly<Record<string, Kind>> = {
	'heap alloc': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
	'heap realloc': { cls: 'user', fields: [['at', 'hex'], ['from', 'hex'], ['size', 'dec']], counts: [] },
	'heap free': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
	'heap split': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['rest', 'dec']], counts: [] },
	'heap join': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['next', 'dec']], counts: [] },
	'heap slab': { cls: 'user', fields: [['at', 'hex'], ['object', 'dec']], counts: [] },
	'heap slabfree': { cls: 'user', fields: [['at', 'hex'], ['object', 'dec']], counts: [] },
	'heap refs': { cls: 'user', fields: [['calls', 'dec']], counts: [] },
	'heap root': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
	'heap ref': { cls: 'user', fields: [['at', 'hex'], ['from', 'hex']], counts: [] },
	'heap stale': { cls: 'user', fields: [['at', 'hex'], ['from', 'hex']], counts: [] },
	'gc begin': { cls: 'user', fields: [['collector', 'word'], ['spent', 'dec']], counts: [] },
	'gc root': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
	'gc mark': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['from', 'hex']], counts: [] },
	'gc push': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
	'gc scan': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
	'gc again': { cls: 'user', fields: [['room', 'dec']], counts: [] },
	'gc end': { cls: 'user', fields: [['live', 'dec'], ['bytes', 'dec']], counts: [] },
	'gc sweep': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
	'gc alloc': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec'], ['atomic', 'dec']], counts: [] },
	'gc free': { cls: 'user', fields: [['at', 'hex'], ['size', 'dec']], counts: [] },
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
	/** All references that exist now follow; those before count no more (HEAP_REFS=N in the environment: after every N calls, and at the end). */
	'heap refs': { calls: number };
	/** These words are searched: registers and stack, or data. Blocks in use are searched too. */
	'heap root': { at: number; size: number };
	/** A reference to a block in use. */
	'heap ref': { at: number; from: number };
	/** A reference to freed memory. */
	'heap stale': { at: number; from: number };
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
