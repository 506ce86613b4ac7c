"""Wrong solutions of lab `share`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
WRONG = [
    ("a page is made anew for each fault", "mm/memobj_shm.c", "\tint error = a ? 0 : get_new(obj, index, &a);", "\tint error = get_new(obj, index, &a);",
     [0, 0, 0, 0, 0, 0, 10, 5, 10, 10, 5, 5, 5]),
    ("a page in swap is not brought back", "mm/memobj_shm.c", "\t\terror = anon_make_resident(a, true, held);\n", "\t\terror = 0;\n",
     [15, 5, 10, 5, 0, 0, 10, 5, 10, 10, 5, 5, 5]),
    ("a removed page stays mapped", "mm/memobj_shm.c", "\t\tif (a->frame)\n\t\t\trmap_unmap_all(a->frame);\n", "",
     [15, 5, 0, 0, 0, 0, 10, 5, 10, 10, 5, 5, 5]),
    ("a receiver does not wait", "kernel/ipc/sysv/msg.c", "int error = flags & IPC_NOWAIT ? -ENOMSG : queue_wait(q, &q->receivers);", "int error = -ENOMSG;",
     [15, 5, 10, 5, 10, 5, 10, 5, 0, 0, 0, 0, 0]),
    ("the last message comes first", "kernel/ipc/sysv/msg.c", "list_push_back(&q->messages", "list_push_front(&q->messages",
     [15, 5, 10, 5, 10, 5, 10, 0, 10, 0, 5, 5, 5]),
    ("a sender does not wait for room", "kernel/ipc/sysv/msg.c", "while (!queue_has_room(q, m->size)) {", "while (false) {",
     [15, 5, 10, 5, 10, 5, 10, 5, 10, 0, 5, 5, 5]),
    ("what a received message took is not given back", "kernel/ipc/sysv/msg.c", "\tlist_remove(&m->link);\n\twired_persistent_add(-message_cost(m));\n",
     "\tlist_remove(&m->link);\n", [15, 5, 10, 5, 10, 5, 10, 5, 10, 10, 5, 0, 0]),
    ("who waits does not learn of the removal", "kernel/ipc/sysv/msg.c", "q->removed ? -EIDRM : woken == WAIT_INTERRUPTED", "woken == WAIT_INTERRUPTED",
     [15, 5, 10, 5, 10, 5, 10, 5, 10, 10, 5, 5, 0]),
]
