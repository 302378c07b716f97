libpure_a_SOURCES += \
	%D%/alloc.c \
	%D%/buf.c \
	%D%/delta.c %D%/die.c \
	%D%/exit_hook.c \
	%D%/fmt.c \
	%D%/hash.c \
	%D%/index.c \
	%D%/lru.c \
	%D%/pages.c \
	%D%/sort.c \
	%D%/table.c %D%/text.c
