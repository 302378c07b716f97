dist_man_MANS = %D%/pkttop.1
picturesdir = $(docdir)/man/pictures
dist_pictures_DATA = \
	%D%/pictures/detail.svg %D%/pictures/page.png %D%/pictures/past.svg \
	%D%/pictures/talkers.svg %D%/pictures/traffic.svg %D%/pictures/who.svg \
	%D%/pictures/wide.svg
