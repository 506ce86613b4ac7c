/*
 * What the plugins for QEMU need of its plugin interface, version 1. It is declared here, since its header is not installed with
 * QEMU. Source: QEMU's documentation, "QEMU TCG Plugins".
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
typedef uint32_t memory_access;
struct block;
struct instruction;

size_t qemu_plugin_tb_n_insns(const struct block *b);
struct instruction *qemu_plugin_tb_get_insn(const struct block *b, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct instruction *i);
int qemu_plugin_mem_is_store(memory_access m);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*f)(plugin_id, struct block *));
void qemu_plugin_register_vcpu_insn_exec_inline(struct instruction *i, int op, void *counter, uint64_t by);
void qemu_plugin_register_vcpu_insn_exec_cb(struct instruction *i, void (*f)(unsigned, void *), int flags, void *argument);
void qemu_plugin_register_vcpu_mem_cb(struct instruction *i, void (*f)(unsigned, memory_access, uint64_t, void *), int flags,
				      int loads_or_stores, void *argument);
void qemu_plugin_register_atexit_cb(plugin_id id, void (*f)(plugin_id, void *), void *argument);
