# One command each to run, test, build, check and measure Vesper. `make deps` says what it installs.

# `make kernel DEBUG=off` leaves out the debug channel, in an image of its own.
DEBUG := on
PRODUCTION := build/vesper-kernel-production.elf
ifeq ($(DEBUG),off)
KERNEL := $(PRODUCTION)
KERNEL_BUILD := .build-kernel-production
else
KERNEL := build/vesper-kernel.elf
KERNEL_BUILD := .build-kernel
endif
KERNEL_LINKED := $(KERNEL_BUILD)/aarch64-none-none-elf/release/VesperKernel
# The same kernel with other root domains.
SELFTEST := build/vesper-selftest.elf
BENCH := build/vesper-bench.elf
DRIVERS := build/vesper-drivers.elf
ENTRIES := build/entries.so
CROWD := build/vesper-crowd.elf
CHURN := build/vesper-churn.elf
EXAMPLES := build/vesper-examples.elf
USERLAND := build/userland.bin
FORMATTED := Package.swift Sources Tests kernel gdbstub userland

# Debian packages by the file that shows they are there.
PACKAGES := /usr/bin/qemu-system-aarch64:qemu-system-arm /usr/bin/gdb-multiarch:gdb-multiarch /usr/bin/lldb-14:lldb-14 \
  /usr/include/histedit.h:libedit-dev /usr/include/zlib.h:zlib1g-dev /usr/include/zstd.h:libzstd-dev /usr/bin/tmux:tmux

.PHONY: run test test-long build kernel userland lint format bench bench-inspection selftest production clean deps

run: build
	build/vesper run

TESTED := build production $(SELFTEST) $(BENCH) $(DRIVERS) $(ENTRIES) $(CHURN) $(EXAMPLES)

test: $(TESTED)
	swift test

# More of what `test` does in minutes.
test-long: $(TESTED)
	VESPER_TEST_LONG=1 swift test

build: kernel
	swift build -c release --static-swift-stdlib --product vesper
	install -D -m 755 .build/release/vesper build/vesper

# The compiler's .debug_names keeps gdb from showing Swift lines; without it gdb reads the rest.
kernel: deps $(USERLAND)
	@# The assembler does not report .incbin as a dependency.
	@test ! -f $(KERNEL) || test $(KERNEL) -nt $(USERLAND) || rm -f $(KERNEL_BUILD)/aarch64-none-none-elf/release/KernelBoot.build/userland.S.o
	@# SwiftPM does not know that the linker script is read.
	@test ! -f $(KERNEL) || test $(KERNEL) -nt kernel/Image/kernel.ld || rm -f $(KERNEL_LINKED)
	VESPER_BARE_METAL=1 VESPER_DEBUG=$(DEBUG) swift build -c release --triple aarch64-none-none-elf \
	  --toolset kernel/toolset.json --product VesperKernel --scratch-path $(KERNEL_BUILD)
	@# Lazy globals, run-time exclusivity checks and allocation have no place in a kernel: nothing may ask for them.
	@llvm-nm $(KERNEL_LINKED) >$(KERNEL_BUILD)/symbols
	@! grep -E ' (swift_once|swift_beginAccess|swift_allocObject|posix_memalign)$$' $(KERNEL_BUILD)/symbols
	@llvm-objcopy -R .debug_names $(KERNEL_LINKED) $(KERNEL)

# The very objects of the kernel, linked with another userland.
KERNEL_OBJECTS := $(KERNEL_BUILD)/aarch64-none-none-elf/release/VesperKernel.product/Objects.LinkFileList

$(SELFTEST) $(BENCH) $(DRIVERS) $(CROWD) $(CHURN) $(EXAMPLES): build/vesper-%.elf: kernel build/userland/%.bin kernel/Boot/userland.S
	clang --target=aarch64-none-elf -DUSERLAND_IMAGE='"build/userland/$*.bin"' -c kernel/Boot/userland.S -o build/$*-userland.o
	sed 's|^.*/userland\.S\.o$$|build/$*-userland.o|' $(KERNEL_OBJECTS) >build/$*-objects
	clang --target=aarch64-none-elf -fuse-ld=lld -nostdlib -nostartfiles -Wl,-T,kernel/Image/kernel.ld \
	  -Wl,--gc-sections,--build-id=sha1 @build/$*-objects -o $@
	@llvm-objcopy -R .debug_names $@

include userland/userland.mk

# Runs it by either clock; its last line ends the machine.
selftest: $(SELFTEST)
	userland/SelfTest/run.sh $(SELFTEST)
	CLOCK=host userland/SelfTest/run.sh $(SELFTEST)

# The image without the debug channel, and its size beside that of the other.
production:
	$(MAKE) kernel DEBUG=off
	@! test -e build/vesper-kernel.elf || llvm-size build/vesper-kernel.elf $(PRODUCTION)

# QEMU's plugin that counts what kernel entries take.
$(ENTRIES): userland/Bench/Entries/entries.c
	@mkdir -p build
	clang -shared -fPIC -O2 -Wall -Wextra -Werror $< -o $@

# Measures each operation and shows it beside seL4's figure and the goal; then how fast memory is read over the line;
# then how fast a system of 100,000 capabilities is read, beside gdb and drgn.
bench: $(BENCH) $(CROWD) production build $(ENTRIES) build/line-flood.elf
	@userland/Bench/run.sh $(BENCH) $(PRODUCTION) $(ENTRIES) | userland/Bench/table.sh userland/Bench/rows.txt
	@echo
	@swift build -q -c release --static-swift-stdlib --product line-bench
	@.build/release/line-bench build/vesper-kernel.elf build/line-flood.elf
	@echo
	@$(MAKE) -s bench-inspection

bench-inspection: $(CROWD) build build/line-flood.elf
	@swift build -q -c release --static-swift-stdlib --product inspection-bench
	@whyNoDrgn=$$(Tests/InspectionBench/install-drgn.sh .build-drgn) && \
	  .build/release/inspection-bench $(CROWD) build/vesper-kernel.elf build/line-flood.elf build/vesper \
	  Tests/InspectionBench .build-drgn/bin/python "$$whyNoDrgn"

build/line-flood.elf: Tests/LineBench/flood.S
	@mkdir -p build
	clang --target=aarch64-none-elf -fuse-ld=lld -nostdlib -Wl,-Ttext=0x40200000 $< -o $@

lint:
	swift format lint --strict -r $(FORMATTED)

format:
	swift format -i -r $(FORMATTED)

clean:
	rm -rf build .build .build-kernel .build-kernel-production .build-userland .build-drgn

deps:
	@missing=; \
	for pair in $(PACKAGES); do \
	  test -e $${pair%%:*} || missing="$$missing $${pair##*:}"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	echo "installing Debian packages:$$missing"; \
	if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $$missing
