"""Lab `share`: tasks have the same pages, or send copies to each other. (user/test/lab/lab-share-memory.c, lab-share-message.c,
lab-share-errors.c)"""
import struct

import frames as frametable
from lab import Lab, Part, Test, Wrong, same
from machine import PAGE


def word(stop, number):
    """=> what the programs store: the run's word and a NUMBER"""
    return stop.drawn ^ number + 1


def words(stop, va, count, cr3=0):
    """=> COUNT words of memory at VA, below CR3 (0: the stop's own); None: not all of them are in memory"""
    pages = [stop.page(page, cr3) for page in range(va // PAGE * PAGE, va + count * 4, PAGE)]
    return None if None in pages else list(struct.unpack_from(f"<{count}I", b"".join(pages), va % PAGE))


# --- memory ----------------------------------------------------------------------------------------------------------------

FILLED, CHILD, BOTH, PUNCHED, AGAIN, NAMED, OTHER, FULL, BACK, CHILDS_BACK, GIVEN = range(1, 12)    # the stops
PAGES, STORED, MADE, HOLE, LOCKED = 8, 1, 5, 1, 2    # pages of the mapping; stored to by the child, made by it, removed; locked ones


def frames(stop, cr3=0):
    """=> {page: its frame} of the mapping that the stop's program reports"""
    entries = {i: stop.walk(stop.values[0] + i * PAGE, cr3) for i in range(PAGES)}
    return {i: entry.frame for i, entry in entries.items() if entry}


def filled(stop, page, cr3=0):
    """The page has what it was filled with; it is one that nothing else was stored to."""
    if words(stop, stop.values[0] + page * PAGE, PAGE // 4, cr3) != [word(stop, page)] * (PAGE // 4):
        raise Wrong(f"page {page} holds what was stored in it", "other bytes")


def two_tables_one_frame(stops):
    at, parent = stops[CHILD], stops[FILLED].cr3
    same("pages that the parent has mapped after filling four", [0, 1, 2, 3], list(frames(stops[FILLED])))
    before = frames(stops[FILLED])
    same("the child's frames of the pages that its parent has filled", before, {i: f for i, f in frames(at).items() if i in before})
    same("the parent's frames meanwhile", before, {i: f for i, f in frames(at, parent).items() if i in before})
    same("the first word of a page that the child has stored to, for its parent", [word(at, STORED + PAGES)],
         words(at, at.values[0] + STORED * PAGE, 1, parent))


def whoever_makes_it(stops):
    at = stops[BOTH]
    same("pages of the parent, after it has read one that the child has made", [0, 1, 2, 3, MADE], list(frames(at)))
    same("the frame of the page that the child has made", frames(at, stops[CHILD].cr3).get(MADE), frames(at)[MADE])
    filled(at, MADE)


def hole_for_all(stops):
    at = stops[PUNCHED]
    for whose, cr3 in (("parent", 0), ("child", stops[CHILD].cr3)):
        same(f"pages that the {whose} has mapped after two were removed", [0, 3, MADE], list(frames(at, cr3)))
    at, parent = stops[AGAIN], stops[FILLED].cr3
    new, parents = frames(at), frames(at, parent)
    same("frames of the removed pages after both have touched them", {i: parents.get(i) for i in (HOLE, HOLE + 1)},
         {i: new.get(i) for i in (HOLE, HOLE + 1)})
    if any(words(at, at.values[0] + HOLE * PAGE, PAGE // 4)):
        raise Wrong("a page that was removed is all zeros when it comes back", "other bytes")
    wanted = [word(at, PAGES)] + [0] * (PAGE // 4 - 1)
    if words(at, at.values[0] + (HOLE + 1) * PAGE, PAGE // 4) != wanted:
        raise Wrong("the other one has zeros, and what the parent has stored", "other bytes")


def name_is_enough(stops):
    same("the frame of the page for a task that knows only its name", frames(stops[NAMED]).get(0), frames(stops[OTHER]).get(0))
    filled(stops[OTHER], 0)


def swap_and_back(stops):
    at, child = stops[FULL], stops[CHILD].cr3
    for i in range(LOCKED):
        if words(at, at.values[1] + i * PAGE, PAGE // 4) != [word(at, i)] * (PAGE // 4):
            raise Wrong(f"page {i} of shared memory that is locked stays mapped, and holds what was stored in it", "no such page")
    for whose, cr3 in (("parent", 0), ("child", child)):
        same(f"pages that the {whose} has in memory while others need it", {}, frames(stops[FULL], cr3))
    parents, childs = frames(stops[BACK]), frames(stops[CHILDS_BACK])
    same("pages that are back", [0, MADE], list(parents))
    same("the child's frames of the pages that the parent has brought back", parents, childs)
    for page in parents:
        filled(stops[CHILDS_BACK], page)


def frames_come_back(stops):
    for page in (0, MADE):
        filled(stops[GIVEN], page)


# --- messages --------------------------------------------------------------------------------------------------------------

(SENT, RECEIVED, CHOSEN, WAITING, WOKEN, FIRST, STUCK, ALL, CUT, LAST, SEVERAL, NARROW, EMPTY, GONE, SIGNALLED) = range(1, 16)    # the stops
LONG, WORDS, MANY, QUEUE_BYTES, TRUNCATED, ROUNDS, LARGEST = 1000, 250, 20, 16384, 12, 3000, 2000
FIT = QUEUE_BYTES // (WORDS * 4)    # messages for which a queue has room
EINTR, E2BIG, ENOMSG, EIDRM = 4, 7, 42, 43


def numbers(stop, count):
    """=> the numbers in the report's array of COUNT received words"""
    return [(got ^ stop.drawn) - 1 for got in words(stop, stop.values[0], count) or []]


def text(stop, number, count, length):
    """The report's buffer has a text of COUNT words with NUMBER, and zeros up to LENGTH."""
    same("words that were received", count, stop.values[1])
    if words(stop, stop.values[0], length) != [word(stop, number)] * count + [0] * (length - count):
        raise Wrong("the receiver's buffer has the bytes that were sent", "other bytes")


def message_is_a_copy(stops):
    text(stops[RECEIVED], 0, LONG, LARGEST)
    if any(words(stops[RECEIVED], stops[SENT].values[0], LONG, stops[SENT].cr3) or [1]):
        raise Wrong("the sender's buffer, which it has cleared, is as it was", "other bytes")


def in_order(stops):
    same("numbers of the messages that were received: first of type 2, of any type, of the lowest type, of type 5", [11, 10, 13, 12],
         numbers(stops[CHOSEN], 4))


def receiver_waits(stops):
    """That the stops come in this order shows that the receiver has waited."""
    text(stops[WOKEN], 20, LONG, LARGEST)


def sender_waits(stops):
    same("messages that a task has sent, of 20, when the queue has room for 16", [FIT],
         words(stops[STUCK], stops[FIRST].values[0], 1, stops[FIRST].cr3))
    same("numbers of the messages that were received then", [30 + i for i in range(MANY)], numbers(stops[ALL], MANY))


def too_long(stops):
    at = stops[CUT]
    same("errors and bytes: a message too long; the same, cut; none left", [E2BIG, TRUNCATED, ENOMSG], list(at.values[1:4]))
    same("what was received of it", [word(at, 60)] * (TRUNCATED // 4) + [0], words(at, at.values[0], TRUNCATED // 4 + 1))


def memory_comes_back(stops):
    if words(stops[LAST], stops[LAST].values[0], LARGEST) != [word(stops[LAST], ROUNDS - 1)] * LARGEST:
        raise Wrong(f"message {ROUNDS} has arrived", "other bytes")


def ended(status):
    """=> what the STATUS of a task says, for a sentence"""
    return f"signal {status & 0x7F}" if status & 0x7F else status >> 8


def woken_look_again(stops):
    left, other, *pair = stops[SEVERAL].values[:4]
    same("messages in the queue after one of type 2 was sent, when a task waits for type 1, and behind it two for type 2", 0, left)
    same("the numbers of the messages with which the three end, after another one of type 2 and one of type 1", [72, [70, 71]],
         [ended(other), sorted(map(ended, pair), key=str)])
    same("messages and bytes in a queue that is full", [FIT, FIT * WORDS * 4], list(stops[NARROW].values[:2]))
    same("the same after one was received, when a task waits with a message twice as long, and behind it two as long", [FIT, FIT * WORDS * 4],
         list(stops[NARROW].values[2:4]))


def waiting_ends(stops):
    same("error of a task that waits for a message in a queue that is removed", EIDRM, stops[GONE].values[0])
    same("error of a task that waits for a message, and gets a signal for which it has a handler", EINTR, ended(stops[SIGNALLED].values[0]))


# --- errors ----------------------------------------------------------------------------------------------------------------

(BAD, MANY_BAD, REPLACED, MANY_REPLACED, REFUSED, FILLING, KILLED) = range(1, 8)    # the stops
EFAULT, EINVAL, OTHER, SIGKILL, SPARE = 14, 22, 7, 9, 3


def kernel_frames_stay(stops, number, what):
    """Between two stops the kernel has not taken more than a few frames."""
    before, after = (frametable.count(stops[at], frametable.KERNEL) for at in (number - 1, number))
    if after > before + SPARE:
        raise Wrong(f"as many frames of the kernel as before, {before}, after {what}", str(after))


def bad_messages(stops):
    same("errors of messages from nowhere, without text, without type, of types 0 and -1, of three that are too long; and of receiving then",
         [EFAULT] * 3 + [EINVAL] * 5 + [ENOMSG], list(stops[BAD].values[:9]))
    kernel_frames_stay(stops, MANY_BAD, "60 messages without their text")


def queue_stays(stops):
    same("error of a task that waits in a queue when that is removed, and another queue takes its place", EIDRM, ended(stops[REPLACED].values[0]))
    same("error and type of the message that was sent to the other queue", [0, OTHER], list(stops[REPLACED].values[1:3]))
    kernel_frames_stay(stops, MANY_REPLACED, "200 queues were removed while a task waited")


def no_memory(stops):
    status, error = stops[REFUSED].values[:2]
    same("errors of sending and receiving a message for which there was no memory at first", [0, 0], [ended(status), error])
    status, error = stops[KILLED].values[:2]
    same("how a task ends that is killed while it waits for a message's memory, and error of receiving then", [f"signal {SIGKILL}", ENOMSG],
         [ended(status), error])


LAB = Lab("share", "Shared memory and messages", ["mm/memobj_shm.c", "kernel/ipc/sysv/msg.c"], [
    Part("lab-share-memory", words=("exact", "frames=128"), tests=[
        Test(10, "two page tables have one frame", CHILD, two_tables_one_frame),
        Test(5, "whoever makes a page makes it for all", BOTH, whoever_makes_it),
        Test(10, "a page that is removed is gone for all", AGAIN, hole_for_all),
        Test(5, "a name is enough", OTHER, name_is_enough),
        Test(10, "a page comes back from swap for all", CHILDS_BACK, swap_and_back),
        Test(5, "pages are given back", GIVEN, frames_come_back),
    ]),
    Part("lab-share-message", disks=("root",), tests=[
        Test(5, "a message is a copy", RECEIVED, message_is_a_copy),
        Test(5, "messages are chosen by type, in order", CHOSEN, in_order),
        Test(5, "a receiver waits for a message", WOKEN, receiver_waits),
        Test(5, "a sender waits for room", ALL, sender_waits),
        Test(5, "a message that is too long stays", CUT, too_long),
        Test(5, "3,000 messages give their memory back", LAST, memory_comes_back),
        Test(5, "a task that is woken looks again", NARROW, woken_look_again),
        Test(5, "removing a queue ends waiting, and so does a signal", SIGNALLED, waiting_ends),
    ]),
    Part("lab-share-errors", mem="6M", read=("swap",), words=("policy=fifo",), trace="wait", holds={FILLING: ("swap", "write")}, tests=[
        Test(5, "a bad message is refused, and leaves nothing behind", MANY_BAD, bad_messages),
        Test(5, "a removed queue stays as long as a task waits in it", MANY_REPLACED, queue_stays),
        Test(5, "memory for a message is waited for, perhaps in vain", KILLED, no_memory),
    ]),
], scenario="shm")
