"""Which package and release this is."""

NAME = 'acme-events'
VERSION = '0.dev0'
