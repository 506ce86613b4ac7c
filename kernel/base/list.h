/*
 * Intrusive, doubly linked, circular lists: the links are members of the structures that are linked.
 *
 * A `struct list` is either a head or a link. An unlinked link points to itself, so list_remove() may be
 * repeated, and list_empty(&x->link) means that x is in no list.
 */
#pragma once

#include "kernel/base/types.h"

struct list {
	struct list *prev, *next;
};

#define LIST_INIT(name) { &(name), &(name) }

static inline void list_init(struct list *l)
{
	l->prev = l->next = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_insert_after(struct list *where, struct list *link)
{
	link->prev = where;
	link->next = where->next;
	where->next->prev = link;
	where->next = link;
}

static inline void list_push_front(struct list *head, struct list *link)
{
	list_insert_after(head, link);
}

static inline void list_push_back(struct list *head, struct list *link)
{
	list_insert_after(head->prev, link);
}

static inline void list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

/* => the first link, removed from the list; NULL: the list is empty */
static inline struct list *list_pop_front(struct list *head)
{
	struct list *first = head->next;

	if (first == head)
		return NULL;
	list_remove(first);
	return first;
}

#define list_entry(link, type, member) container_of(link, type, member)
#define list_first(head, type, member) list_entry((head)->next, type, member)

#define list_for_each(pos, head, member)                                     \
	for (pos = list_entry((head)->next, typeof(*pos), member);           \
	     &pos->member != (head);                                         \
	     pos = list_entry(pos->member.next, typeof(*pos), member))

/* As list_for_each(), but the body may remove POS from the list. */
#define list_for_each_safe(pos, tmp, head, member)                           \
	for (pos = list_entry((head)->next, typeof(*pos), member),           \
	     tmp = list_entry(pos->member.next, typeof(*pos), member);       \
	     &pos->member != (head);                                         \
	     pos = tmp, tmp = list_entry(tmp->member.next, typeof(*pos), member))
