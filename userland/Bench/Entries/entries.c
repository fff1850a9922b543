// A plugin of QEMU that counts what each kernel entry executes: from the exception vector to the `eret`, or to the
// `wfi` of an idle processor. Boot is left out, which ends with the first `eret`.
//
//   -plugin entries.so,output=FILE
//
// Writes to FILE a line "row LONGEST" for each pair of marks (`hint #126`, which does nothing, at user level) that the
// guest comes by: the longest entry between the two. And a line "any LENGTH" for each entry that is longer than all before.
//
// An instruction that reaches a device is counted twice, since QEMU begins it twice to synchronize with the device.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// From qemu-plugin.h, which no Debian package has (QEMU 7.2, plugin API 1).
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*translation_callback)(qemu_plugin_id_t id, struct qemu_plugin_tb *block);
typedef void (*execution_callback)(unsigned int processor, void *data);
enum { QEMU_PLUGIN_CB_NO_REGS = 0, QEMU_PLUGIN_INLINE_ADD_U64 = 0 };
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, translation_callback callback);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_insn_exec_cb(
    struct qemu_plugin_insn *instruction, execution_callback callback, int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(
    struct qemu_plugin_insn *instruction, int operation, void *pointer, uint64_t value);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static const uint32_t eret = 0xd69f03e0;
static const uint32_t wait_for_interrupt = 0xd503207f;
static const uint32_t mark = 0xd5032fdf;

static FILE *output;
// Instructions of the entry that goes on.
static uint64_t count;
static uint64_t longest, longest_of_all;
static int is_booted, is_marked;

static void report(const char *what, uint64_t length) {
  fprintf(output, "%s %" PRIu64 "\n", what, length);
  fflush(output);
}

static void end_entry(unsigned int processor, void *data) {
  (void)processor;
  (void)data;
  if (is_booted) {
    if (count > longest) longest = count;
    if (count > longest_of_all) {
      longest_of_all = count;
      report("any", count);
    }
  }
  is_booted = 1;
  count = 0;
}

static void pass_mark(unsigned int processor, void *data) {
  (void)processor;
  (void)data;
  if (is_marked) report("row", longest);
  is_marked = !is_marked;
  longest = 0;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  size_t length = qemu_plugin_tb_n_insns(block);
  for (size_t index = 0; index < length; index++) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, index);
    uint32_t word;
    memcpy(&word, qemu_plugin_insn_data(instruction), sizeof word);
    // TTBR1's half of the address space is the kernel's.
    int is_kernel = qemu_plugin_insn_vaddr(instruction) >> 48 == 0xffff;
    if (is_kernel) {
      qemu_plugin_register_vcpu_insn_exec_inline(instruction, QEMU_PLUGIN_INLINE_ADD_U64, &count, 1);
    }
    if (is_kernel && (word == eret || word == wait_for_interrupt)) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, end_entry, QEMU_PLUGIN_CB_NO_REGS, NULL);
    }
    if (!is_kernel && word == mark) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, pass_mark, QEMU_PLUGIN_CB_NO_REGS, NULL);
    }
  }
}

__attribute__((visibility("default"))) int qemu_plugin_install(
    qemu_plugin_id_t id, const void *info, int argc, char **argv) {
  (void)info;
  static const char name[] = "output=";
  if (argc != 1 || strncmp(argv[0], name, sizeof name - 1) != 0) {
    fprintf(stderr, "entries: write -plugin entries.so,output=FILE\n");
    return 1;
  }
  output = fopen(argv[0] + sizeof name - 1, "w");
  if (output == NULL) {
    perror(argv[0]);
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  return 0;
}
