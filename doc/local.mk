# The configuration files of a fleet.
fleetdir = $(docdir)/fleet
dist_fleet_DATA = %D%/fleet/nfacctd.conf
