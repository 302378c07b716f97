libpkttop_a_SOURCES += \
	%D%/bsd_sandbox.c \
	%D%/child.c %D%/clock.c \
	%D%/event_command.c \
	%D%/fd.c %D%/file_helper.c %D%/file_ops.c \
	%D%/helper_process.c %D%/identity.c %D%/inet_diag.c \
	%D%/landlock.c %D%/links.c %D%/listener.c \
	%D%/memory.c \
	%D%/netif.c \
	%D%/owner_births.c %D%/owner_child.c %D%/owner_netns.c %D%/owner_walk.c \
	%D%/privilege.c %D%/process_facts.c %D%/process_owner.c \
	%D%/service.c %D%/socket_helper.c %D%/ssh_env.c
