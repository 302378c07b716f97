libpure_a_SOURCES += \
	%D%/canvas.c \
	%D%/detail.c \
	%D%/footer.c \
	%D%/graph.c \
	%D%/header.c %D%/help.c \
	%D%/key_hints.c \
	%D%/menu.c \
	%D%/panel.c %D%/pen.c \
	%D%/screen.c %D%/sparkline.c \
	%D%/table.c %D%/traffic_graph.c
