# Units of systemd: a service without a screen, and the socket that it answers on.
if SYSTEMD
systemdsystemunit_DATA = %D%/pkttop.service %D%/pkttop.socket
endif
EXTRA_DIST += %D%/pkttop.service.in %D%/pkttop.socket
CLEANFILES += %D%/pkttop.service

%D%/pkttop.service: %D%/pkttop.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed -e 's|[@]bindir@|$(bindir)|' \
	    -e 's|[@]RECORD_OPTION@|$(RECORD_OPTION)|' $(srcdir)/%D%/pkttop.service.in >$@
