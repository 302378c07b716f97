/*
 * Linked with every object of the pure layers, and with no library but the C library and libbsd:
 * if a pure layer needs another one, this program does not link.
 */
int
main(void)
{
	return 0;
}
