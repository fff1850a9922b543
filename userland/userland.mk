# The programs of user level and the image of all of them. Included by the Makefile.

USERLAND_BUILD := .build-userland
USERLAND_LINKED := $(USERLAND_BUILD)/aarch64-none-none-elf/release
# Product:program, where the program's name is the one in the archive.
USERLAND_PROGRAMS := VesperRoot:root VesperServer:server VesperClientA:client-a VesperClientB:client-b \
  VesperClock:clock VesperWaiter:waiter
# Root domains that take the place of all of them.
USERLAND_ROOTS := VesperSelfTest:selftest VesperBench:bench VesperCrowd:crowd VesperChurn:churn
# A root domain with programs of its own.
USERLAND_DRIVERS := VesperDriverSystem:driver-root VesperBlockDriver:block VesperBlockClient:disk-test \
  VesperConsoleDriver:console VesperEcho:echo VesperButton:button
# Another.
USERLAND_EXAMPLES := VesperExampleSystem:example-root VesperRoundRobin:round-robin VesperStrides:strides \
  VesperPriorities:priorities VesperEarliestDeadlineFirst:deadlines VesperWorker:worker VesperLevel:level
USERLAND_ALL := $(USERLAND_PROGRAMS) $(USERLAND_DRIVERS) $(USERLAND_EXAMPLES) $(USERLAND_ROOTS)
USERLAND_NAMES := $(foreach pair,$(USERLAND_ALL),$(lastword $(subst :, ,$(pair))))
USERLAND_SWIFT_BUILD := VESPER_BARE_METAL=1 swift build -c release --triple aarch64-none-none-elf \
  --toolset userland/toolset.json --scratch-path $(USERLAND_BUILD)

.PHONY: userland userland-programs

userland: $(USERLAND)

# SwiftPM knows what is out of date, so it is asked each time; what depends on a program is made again only if the
# program differs. Without .debug_names gdb shows Swift lines.
userland-programs:
	@mkdir -p build/userland
	@# SwiftPM does not know that the linker script is read.
	@test ! -f $(USERLAND) || test $(USERLAND) -nt userland/program.ld \
	  || rm -f $(foreach pair,$(USERLAND_ALL),$(USERLAND_LINKED)/$(firstword $(subst :, ,$(pair))))
	@set -e; for pair in $(USERLAND_ALL); do \
	  $(USERLAND_SWIFT_BUILD) --product $${pair%%:*}; \
	  program=build/userland/$${pair##*:}.elf; \
	  llvm-objcopy -R .debug_names $(USERLAND_LINKED)/$${pair%%:*} $$program.new; \
	  if cmp -s $$program.new $$program; then rm $$program.new; else mv $$program.new $$program; fi; \
	done

$(USERLAND_NAMES:%=build/userland/%.elf): userland-programs ;

# What start.S cannot relocate must not get into an image.
build/userland/%.bin: build/userland/%.elf userland/check-relocations.sh
	userland/check-relocations.sh $<
	llvm-objcopy -O binary $< $@

# The image of a root program and its archive.
define archive
clang --target=aarch64-none-elf -Wa,-Ibuild/userland,-Iuserland/Image -c $< -o $(@:.bin=-archive.o)
llvm-objcopy -O binary -j .image $(@:.bin=-archive.o) $@
endef

$(USERLAND): userland/Image/archive.S $(USERLAND_NAMES:%=build/userland/%.bin)
	$(archive)

build/userland/drivers.bin build/userland/examples.bin: build/userland/%.bin: userland/Image/%.S \
  $(USERLAND_NAMES:%=build/userland/%.bin)
	$(archive)
