# Time and memory per packet, compared with a program that only reads packets, and with others.
check_PROGRAMS += %D%/mktrace
EXTRA_PROGRAMS = %D%/cost %D%/empty
bench: pkttop tests/send %D%/cost %D%/empty %D%/mktrace
	$(AM_V_at)python3 -B $(srcdir)/%D%/bench.py --build=. $(BENCH)

.PHONY: bench
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += %D%/bench.py %D%/live.py %D%/measure.py %D%/sinks.py
