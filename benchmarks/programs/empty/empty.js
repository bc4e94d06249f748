// Nothing at all: what an engine needs to start and stop.
