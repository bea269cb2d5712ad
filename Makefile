# mcompose: `make` builds build/mcompose; `make demo` shows it; `make test` runs every test.
# See docs/ARCHITECTURE.md for where things are.

CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
MODE    ?= release# release, asan, fuzz (clang: asan, and what libFuzzer looks at)

PACKAGES := yaml-0.1 libuv libcjson libprotobuf-c
LOADED   := libcurl libarchive libcrypto# by the program, when it needs them: core/base/library.h
# Goals that compile nothing themselves; `demo` and `test` first install what is missing.
NO_COMPILER := deps demo demo-down test test-programs asan clang fuzz layers format clean help
ifneq ($(filter-out $(NO_COMPILER),$(or $(MAKECMDGOALS),all)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) $(LOADED) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
MISSING    := $(shell for t in $(CC) pkg-config protoc-c; do command -v $$t >/dev/null || echo $$t; done)
ifeq ($(filter pkg-config,$(MISSING)),)
MISSING    += $(shell for p in $(PACKAGES) $(LOADED); do pkg-config --exists $$p || echo $$p; done)
endif
ifneq ($(strip $(MISSING)),)
$(error not installed: $(strip $(MISSING)); on Debian and Ubuntu `make deps` installs what the build needs)
endif
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
CPPFLAGS += -D_GNU_SOURCE -I. -I$(BUILD)/gen -include core/base/banned.h
CFLAGS_release := -O2 -g
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_fuzz    := $(CFLAGS_asan) -fsanitize=fuzzer-no-link
CFLAGS  += -std=c11 $(WARNINGS) $(CFLAGS_$(MODE)) $(PKG_CFLAGS)
LDLIBS  += $(PKG_LIBS) -lm -ldl

SOURCES  := $(sort $(wildcard core/*.c core/*/*.c drivers/*.c drivers/*/*.c cmd/*.c))
PROTOS   := $(sort $(wildcard drivers/*/*.proto))
HEADERS  := $(sort $(wildcard core/*.h core/*/*.h drivers/*.h drivers/*/*.h cmd/*.h))
TESTS    := $(sort $(wildcard tests/*/test_*.c tests/*/*/test_*.c))
TEST_LIB := $(sort $(wildcard tests/lib/*.c))
TEST_TOOLS := $(sort $(wildcard tests/engine/*.c))# programs the scripts need
FUZZERS  := $(sort $(filter-out tests/fuzz/fuzz.c,$(wildcard tests/fuzz/*.c)))

OBJECTS      := $(SOURCES:%.c=$(BUILD)/obj/%.o)
GENERATED    := $(PROTOS:%.proto=$(BUILD)/gen/%.pb-c.c)
GEN_OBJECTS  := $(PROTOS:%.proto=$(BUILD)/obj/gen/%.o)
TEST_LIB_OBJ := $(TEST_LIB:%.c=$(BUILD)/obj/%.o)
TEST_BINS    := $(TESTS:%.c=$(BUILD)/%)
TOOL_BINS    := $(TEST_TOOLS:%.c=$(BUILD)/%)
FUZZ_BINS    := $(FUZZERS:%.c=$(BUILD)/%)
LIB_OBJECTS  := $(filter-out $(BUILD)/obj/cmd/main.o,$(OBJECTS)) $(GEN_OBJECTS)

Q := $(if $(V),,@)# V=1 shows the commands
# For the goals that build for somebody who wants the result, not the output; not where -j says otherwise.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all deps demo demo-down test check unit asan clang fuzz fuzzers tidy layers headers format golden compared bench install clean help
.SECONDARY:

all: $(BUILD)/mcompose

$(BUILD)/mcompose: $(OBJECTS) $(GEN_OBJECTS)
	@echo "  LD   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libmcompose.a: $(LIB_OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# What protoc-c writes is not ours to warn about.
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.pb-c.c
	@mkdir -p $(@D)
	$(Q)$(CC) -I$(BUILD)/gen -w $(CFLAGS_$(MODE)) $(PKG_CFLAGS) -c -o $@ $<

$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h: %.proto
	@mkdir -p $(@D)
	$(Q)protoc-c --c_out=$(BUILD)/gen $< 2>$(@D)/protoc.log || { cat $(@D)/protoc.log >&2; exit 1; }

# Generated headers must be there before the first file that includes one.
$(OBJECTS): | $(GENERATED)

$(TEST_BINS): $(BUILD)/tests/%: tests/%.c $(TEST_LIB_OBJ) $(BUILD)/libmcompose.a
	@mkdir -p $(@D)
	@echo "  TEST $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< $(TEST_LIB_OBJ) $(BUILD)/libmcompose.a -lcmocka -larchive $(LDLIBS)

$(TOOL_BINS): $(BUILD)/%: %.c
	@mkdir -p $(@D)
	@echo "  TOOL $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< -lpthread

$(FUZZ_BINS): $(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(BUILD)/obj/tests/fuzz/fuzz.o $(BUILD)/libmcompose.a
	@mkdir -p $(@D)
	@echo "  FUZZ $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -MMD -MP -o $@ $< $(BUILD)/obj/tests/fuzz/fuzz.o $(BUILD)/libmcompose.a -larchive $(LDLIBS)

unit: $(TEST_BINS) $(TOOL_BINS) $(BUILD)/mcompose

# Nothing where clang has no libFuzzer: tests/run says so.
HAS_FUZZER = $(shell echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
  $(CC) -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null && echo yes)
fuzzers: $(if $(filter fuzzers,$(MAKECMDGOALS)),$(if $(HAS_FUZZER),$(FUZZ_BINS)))

deps:
	@tests/deps.sh build

demo:
	@tests/deps.sh build demo
	@echo "==> building $(BUILD)/mcompose"
	@$(MAKE) --no-print-directory -s $(PARALLEL) all
	@tests/demo.sh up

demo-down:
	@tests/demo.sh down

# Everything. Installs what is missing first; the last line is "N passed, N failed".
test: test-programs
	tests/run all

.PHONY: test-programs
test-programs:
	@tests/deps.sh build test
	$(MAKE) --no-print-directory $(PARALLEL) unit
	$(MAKE) --no-print-directory $(PARALLEL) BUILD=build/asan MODE=asan unit
	$(MAKE) --no-print-directory $(PARALLEL) BUILD=build/clang CC=clang MODE=fuzz unit fuzzers

# The fast part: no engine needed.
check: unit layers headers
	tests/run unit

asan:
	$(MAKE) --no-print-directory BUILD=build/asan MODE=asan unit
	tests/run asan

clang:
	$(MAKE) --no-print-directory BUILD=build/clang CC=clang MODE=fuzz unit
	tests/run clang

# make fuzz SECONDS=600 [FUZZ="model dotenv"]: so long each; what is worth keeping stays in build/fuzz-corpus.
SECONDS ?= 600
fuzz:
	@$(MAKE) --no-print-directory $(PARALLEL) BUILD=build/clang CC=clang MODE=fuzz fuzzers
	tests/fuzz/run long $(SECONDS) $(FUZZ)

layers:
	tests/layers.sh

# Every header compiles alone.
headers: | $(GENERATED)
	@for h in $(HEADERS); do \
	  $(CC) $(CPPFLAGS) -std=c11 $(WARNINGS) $(PKG_CFLAGS) -Wno-pragma-once-outside-header -fsyntax-only -x c $$h || exit 1; \
	done

format:
	@clang-format --dry-run --Werror $(SOURCES) $(HEADERS) $(TESTS) $(TEST_TOOLS) $(wildcard tests/fuzz/*.[ch])

tidy: | $(GENERATED)
	clang-tidy --quiet $(SOURCES) -- -std=c11 $(CPPFLAGS) $(PKG_CFLAGS)

golden: unit
	GOLDEN_WRITE=1 tests/run unit

# Compares all cases with the reference, and writes down what need not be compared again.
compared: unit
	rm -rf testdata/differential/compared
	EVERY_ENGINE=1 COMPARE_ALL=1 COMPARED_WRITE=1 tests/run differential/cases differential/commands differential/steps
	for f in testdata/differential/compared/*; do LC_ALL=C sort -k2 -o $$f $$f; done

bench:
	@tests/deps.sh build test
	@$(MAKE) --no-print-directory $(PARALLEL) all
	tests/bench.sh

install: all
	install -D -m 755 $(BUILD)/mcompose $(DESTDIR)$(PREFIX)/bin/mcompose

clean:
	rm -rf build

help:
	@sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile | sort -u | tr '\n' ' '; echo

-include $(OBJECTS:.o=.d) $(TEST_LIB_OBJ:.o=.d) $(TEST_BINS:%=%.d) $(TOOL_BINS:%=%.d) $(FUZZ_BINS:%=%.d)
