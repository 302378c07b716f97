# The guide for fleets, and its configuration files.
fleetdir = $(docdir)/fleet
dist_fleet_DATA = %D%/fleet/nfacctd.conf %D%/fleet/prometheus.yml
dist_doc_DATA += %D%/fleet.md
