# A fuzzer: with libFuzzer, or a program that runs the files of its corpus once.

fuzzers = \
	%D%/fuzz_content %D%/fuzz_dissect %D%/fuzz_dpi %D%/fuzz_filter %D%/fuzz_hello %D%/fuzz_http %D%/fuzz_options \
	%D%/fuzz_parsers %D%/fuzz_reader %D%/fuzz_screen %D%/fuzz_settings %D%/fuzz_stack \
	%D%/fuzz_text
tests_libsupport_a_SOURCES += %D%/fuzz.c %D%/fuzz.h
tests_fuzz_fuzz_options_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=exit -Wl,--wrap=close_stdout

if FUZZERS
noinst_PROGRAMS += $(fuzzers)
AM_LDFLAGS += `case $@ in %D%/fuzz_*) echo $(FUZZ_LIBS);; esac`
else
check_PROGRAMS += $(fuzzers)
tests_libsupport_a_SOURCES += %D%/standalone.c
endif
