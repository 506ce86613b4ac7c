"""Wrong solutions of lab `share`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
MESSAGES = "kernel/ipc/sysv/msg.c"
TYPE = "\tif (usercopy_in(&type, from, sizeof(type)))\n\t\treturn -EFAULT;\n"
TEXT = "\tif (usercopy_in(m->text, from + sizeof(type), size)) {\n\t\tkfree(m);\n\t\treturn -EFAULT;\n\t}\n"
SLEEP = """\tq->refs++;
\twoken = wait_on_until(where, WAIT_FOREVER);
\tresult = q->removed ? -EIDRM : woken == WAIT_INTERRUPTED ? -ERESTART_NO_HANDLER : 0;
\tqueue_put(q);
"""
SEND = "while (!queue_has_room(q, m->size)) {"
RECEIVE = """\twhile (!(m = queue_pick(q, type, flags))) {
\t\tint error = flags & IPC_NOWAIT ? -ENOMSG : queue_wait(q, &q->receivers);

\t\tif (error)
\t\t\treturn error;
"""
ONCE = "\t\tm = queue_pick(q, type, flags);\n\t\tif (!m)\n\t\t\treturn -ENOMSG;\n"
WRONG = [
    ("a page is made anew for each fault", "mm/memobj_shm.c", "\tint error = a ? 0 : get_new(obj, index, &a);", "\tint error = get_new(obj, index, &a);",
     [0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]),
    ("a page in swap is not brought back", "mm/memobj_shm.c", "\t\terror = anon_make_resident(a, true, held);\n", "\t\terror = 0;\n",
     [10, 5, 10, 5, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]),
    ("a removed page stays mapped", "mm/memobj_shm.c", "\t\tif (a->frame)\n\t\t\trmap_unmap_all(a->frame);\n", "",
     [10, 5, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]),
    ("a receiver does not wait", "kernel/ipc/sysv/msg.c", "int error = flags & IPC_NOWAIT ? -ENOMSG : queue_wait(q, &q->receivers);", "int error = -ENOMSG;",
     [10, 5, 10, 5, 10, 5, 5, 5, 0, 0, 0, 0, 0, 0, 5, 0, 5]),
    ("the last message comes first", "kernel/ipc/sysv/msg.c", "list_push_back(&q->messages", "list_push_front(&q->messages",
     [10, 5, 10, 5, 10, 5, 5, 0, 5, 0, 5, 5, 5, 5, 5, 5, 5]),
    ("a sender does not wait for room", MESSAGES, SEND, "while (false) {",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 0, 5, 5, 0, 5, 5, 5, 5]),
    ("what a received message took is not given back", "kernel/ipc/sysv/msg.c", "\tlist_remove(&m->link);\n\twired_persistent_add(-message_cost(m));\n",
     "\tlist_remove(&m->link);\n", [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 0, 0, 0, 5, 5, 5]),
    ("who waits does not learn of the removal", "kernel/ipc/sysv/msg.c", "q->removed ? -EIDRM : woken == WAIT_INTERRUPTED", "woken == WAIT_INTERRUPTED",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 0, 0]),
    ("a type that is nowhere is taken for one", MESSAGES, TYPE, "\tif (usercopy_in(&type, from, sizeof(type)))\n\t\ttype = 1;\n",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("a text that is nowhere is sent", MESSAGES, TEXT, "\tusercopy_in(m->text, from + sizeof(type), size);\n",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("the memory for a text that is nowhere is kept", MESSAGES, TEXT, TEXT.replace("\t\tkfree(m);\n", ""),
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("a message may be as long as it likes", MESSAGES, "type < 1 || size > msg_max_bytes", "type < 1",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("a type may be below 1", MESSAGES, "type < 1 || size > msg_max_bytes", "size > msg_max_bytes",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("there is always memory for a message", MESSAGES, "\tif (!m)\n\t\treturn -ENOMEM;\n\tm->type", "\tm->type",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0]),
    ("memory for a message is not waited for", MESSAGES, "kmalloc_wait(", "kmalloc(",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0]),
    ("a task waits in a queue to which it has no reference", MESSAGES, SLEEP,
     SLEEP.replace("\tq->refs++;\n", "").replace("\tqueue_put(q);\n", ""), [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5]),
    ("a reference to a queue is kept for ever", MESSAGES, SLEEP, SLEEP.replace("\tqueue_put(q);\n", ""),
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5]),
    ("a receiver that is woken does not look again", MESSAGES, RECEIVE, RECEIVE.replace("while", "if") + ONCE,
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5, 5, 5]),
    ("a sender that is woken does not look again", MESSAGES, SEND, SEND.replace("while", "if"),
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5, 5, 5]),
    ("one receiver is woken", MESSAGES, "wake_all(&q->receivers)", "wake_one(&q->receivers)", [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5, 5, 5]),
    ("one sender is woken", MESSAGES, "wake_all(&q->senders);\n\t/* end", "wake_one(&q->senders);\n\t/* end",
     [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5, 5, 5]),
    ("a signal does not end waiting", MESSAGES, "-ERESTART_NO_HANDLER : 0", "-ERESTART : 0", [10, 5, 10, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5, 5]),
    ("pages of locked memory leave", "mm/memobj_shm.c", "\t\tmemobj_shm_wire(a->frame);\n\t*out", "\t\t(void)0;\n\t*out", [10, 5, 10, 5, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]),
]
