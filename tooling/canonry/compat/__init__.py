"""Two catalogues: what a change does to those who rest on the old one."""
