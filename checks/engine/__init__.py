"""The container engines of this machine, docker and Podman: found, asked over their sockets, images read in passing."""
